"""Projects and awards are kept by PostgreSQL too: who may read a row, and whose it is

Revision ID: 0042
Revises: 0038
Create Date: 2026-11-23 01:00:00.000000
"""
from alembic import op

revision = '0042'
down_revision = '0038'
branch_labels = None
depends_on = None

WHO = "CREATE FUNCTION gdt_user() RETURNS integer STABLE LANGUAGE sql AS $$SELECT nullif(split_part(current_setting('gdt.sees', true), ':', CASE WHEN current_setting('gdt.sees', true) LIKE 'teacher:%' THEN 4 ELSE 3 END), '')::integer$$"
DAY = "CREATE FUNCTION gdt_today() RETURNS date STABLE LANGUAGE sql AS $$SELECT (now() AT TIME ZONE 'UTC')::date$$"
# What made the policies of each table, as gdt/row_policies.py said it when this was made.
POLICIES = {
    'award_judgements': (
        "CREATE POLICY award_judgements_of_the_viewer ON award_judgements USING ((SELECT gdt_sees('all')) OR award_judgements.judge_user_id = (SELECT gdt_user()))",
    ),
    'award_judges': (
        "CREATE POLICY award_judges_of_the_viewer ON award_judges USING ((SELECT gdt_sees('all')) OR award_judges.user_id = (SELECT gdt_user()))",
    ),
    'award_nominations': (
        "CREATE POLICY award_nominations_of_the_viewer ON award_nominations USING ((SELECT gdt_sees('all')) OR award_nominations.institution_id = ANY ((SELECT gdt_places())::integer[]))",
        "CREATE POLICY award_nominations_read_by_others ON award_nominations FOR SELECT USING ((award_nominations.state = 'given' AND award_nominations.given_on <= (SELECT gdt_today())) OR (award_nominations.state <> 'withdrawn' AND EXISTS (SELECT 1 FROM award_judges WHERE award_judges.call_id = award_nominations.call_id AND award_judges.user_id = (SELECT gdt_user()))))",
    ),
    'award_scores': (
        "CREATE POLICY award_scores_of_the_viewer ON award_scores USING ((SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM award_judgements WHERE award_judgements.id = award_scores.judgement_id AND (award_judgements.judge_user_id = (SELECT gdt_user()))))",
    ),
    'nomination_evidence': (
        "CREATE POLICY nomination_evidence_of_the_viewer ON nomination_evidence USING ((SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM award_nominations WHERE award_nominations.id = nomination_evidence.nomination_id AND (award_nominations.institution_id = ANY ((SELECT gdt_places())::integer[]))))",
        "CREATE POLICY nomination_evidence_read_by_others ON nomination_evidence FOR SELECT USING (EXISTS (SELECT 1 FROM award_nominations WHERE award_nominations.id = nomination_evidence.nomination_id AND award_nominations.state <> 'withdrawn' AND EXISTS (SELECT 1 FROM award_judges WHERE award_judges.call_id = award_nominations.call_id AND award_judges.user_id = (SELECT gdt_user()))))",
    ),
    'project_evidence': (
        "CREATE POLICY project_evidence_of_the_viewer ON project_evidence USING ((SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM projects WHERE projects.id = project_evidence.project_id AND (projects.institution_id = ANY ((SELECT gdt_places())::integer[]))))",
    ),
    'project_pictures': (
        "CREATE POLICY project_pictures_of_the_viewer ON project_pictures USING ((SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM projects WHERE projects.id = project_pictures.project_id AND (projects.institution_id = ANY ((SELECT gdt_places())::integer[]))))",
        "CREATE POLICY project_pictures_read_by_others ON project_pictures FOR SELECT USING (EXISTS (SELECT 1 FROM projects WHERE projects.id = project_pictures.project_id AND projects.state = 'counted' AND projects.may_be_shown))",
    ),
    'project_places': (
        "CREATE POLICY project_places_of_the_viewer ON project_places USING ((SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM projects WHERE projects.id = project_places.project_id AND (projects.institution_id = ANY ((SELECT gdt_places())::integer[]))))",
        "CREATE POLICY project_places_read_by_others ON project_places FOR SELECT USING (EXISTS (SELECT 1 FROM projects WHERE projects.id = project_places.project_id AND projects.state = 'counted' AND projects.may_be_shown))",
    ),
    'projects': (
        "CREATE POLICY projects_of_the_viewer ON projects USING ((SELECT gdt_sees('all')) OR projects.institution_id = ANY ((SELECT gdt_places())::integer[]))",
        "CREATE POLICY projects_read_by_others ON projects FOR SELECT USING (projects.state = 'counted' AND projects.may_be_shown)",
    ),
}


def upgrade():
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(WHO)
    op.execute(DAY)
    for table, made in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        for policy in made:
            op.execute(policy)


def downgrade():
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, made in POLICIES.items():
        for policy in made:
            op.execute(f"DROP POLICY {policy.split()[2]} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION gdt_today()")
    op.execute("DROP FUNCTION gdt_user()")
