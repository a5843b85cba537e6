"""PostgreSQL shows each viewer the rows of the institutions she sees, and the application owns nothing

Revision ID: 0026
Revises: 0025
Create Date: 2026-11-22 14:55:00.000000
"""
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

FUNCTIONS = (
    "CREATE FUNCTION gdt_sees(who text) RETURNS boolean STABLE LANGUAGE sql AS $$SELECT coalesce(current_setting('gdt.sees', true) = who, false)$$",
    "CREATE FUNCTION gdt_places() RETURNS integer[] STABLE LANGUAGE sql AS $$SELECT CASE WHEN current_setting('gdt.sees', true) LIKE 'place:%' THEN ARRAY[split_part(current_setting('gdt.sees', true), ':', 2)::integer] WHEN current_setting('gdt.sees', true) LIKE 'regions:%' THEN ARRAY(SELECT i.id FROM institutions i JOIN countries c ON c.id = i.country_id WHERE c.region_id = ANY (string_to_array(split_part(current_setting('gdt.sees', true), ':', 2), ',')::integer[])) ELSE '{}' END$$",
)
# Who sees a row of each table, as gdt/row_policies.py said it when this was made.
POLICIES = {
    'affiliations': "(SELECT gdt_sees('all')) OR affiliations.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'agreement_drafts': "(SELECT gdt_sees('all')) OR agreement_drafts.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'agreement_reminders': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM agreements WHERE agreements.id = agreement_reminders.agreement_id AND (agreements.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'agreements': "(SELECT gdt_sees('all')) OR agreements.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'application_checks': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM institution_applications WHERE institution_applications.id = application_checks.application_id AND (institution_applications.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'application_notes': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM institution_applications WHERE institution_applications.id = application_notes.application_id AND (institution_applications.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'certificate_archives': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = certificate_archives.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM certificate_batch_rows WHERE certificate_batch_rows.batch_id = certificate_archives.batch_id AND (certificate_batch_rows.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'certificate_batch_rows': "(SELECT gdt_sees('all')) OR certificate_batch_rows.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'certificate_deliveries': "(SELECT gdt_sees('all')) OR certificate_deliveries.institution_id = ANY ((SELECT gdt_places())::integer[]) OR (SELECT gdt_sees('stranger'))",
    'certificate_proofs': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM certificates WHERE certificates.id = certificate_proofs.certificate_id AND (certificates.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'certificate_replacements': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM certificates WHERE certificates.id = certificate_replacements.certificate_id AND (certificates.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'certificate_seals': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM certificates WHERE certificates.id = certificate_seals.certificate_id AND (certificates.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'certificates': "(SELECT gdt_sees('all')) OR certificates.institution_id = ANY ((SELECT gdt_places())::integer[]) OR (SELECT gdt_sees('stranger'))",
    'cohort_teachers': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = cohort_teachers.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'cohorts': "(SELECT gdt_sees('all')) OR cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]) OR (SELECT gdt_sees('stranger'))",
    'consent_withdrawals': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM persons WHERE persons.id = consent_withdrawals.person_id AND (EXISTS (SELECT 1 FROM affiliations WHERE affiliations.person_id = persons.id AND (affiliations.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM affiliations WHERE affiliations.person_id = persons.merged_into_id AND (affiliations.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM enrolments WHERE enrolments.person_id = persons.id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = enrolments.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR EXISTS (SELECT 1 FROM cohort_teachers WHERE cohort_teachers.person_id = persons.id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = cohort_teachers.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR EXISTS (SELECT 1 FROM training_participants WHERE training_participants.person_id = persons.id AND (training_participants.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM certificates WHERE certificates.person_id = persons.id AND (certificates.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR (SELECT gdt_sees('stranger'))",
    'correction_notes': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM correction_requests WHERE correction_requests.id = correction_notes.request_id AND (correction_requests.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'correction_requests': "(SELECT gdt_sees('all')) OR correction_requests.institution_id = ANY ((SELECT gdt_places())::integer[]) OR (SELECT gdt_sees('stranger'))",
    'enrolments': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = enrolments.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'erasure_requests': "(SELECT gdt_sees('all')) OR erasure_requests.institution_id = ANY ((SELECT gdt_places())::integer[]) OR (SELECT gdt_sees('stranger'))",
    'expiry_reminders': "(SELECT gdt_sees('all')) OR expiry_reminders.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'headcounts': "(SELECT gdt_sees('all')) OR headcounts.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'holder_choices': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM persons WHERE persons.id = holder_choices.person_id AND (EXISTS (SELECT 1 FROM affiliations WHERE affiliations.person_id = persons.id AND (affiliations.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM affiliations WHERE affiliations.person_id = persons.merged_into_id AND (affiliations.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM enrolments WHERE enrolments.person_id = persons.id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = enrolments.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR EXISTS (SELECT 1 FROM cohort_teachers WHERE cohort_teachers.person_id = persons.id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = cohort_teachers.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR EXISTS (SELECT 1 FROM training_participants WHERE training_participants.person_id = persons.id AND (training_participants.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM certificates WHERE certificates.person_id = persons.id AND (certificates.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR (SELECT gdt_sees('stranger'))",
    'holder_links': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM certificates WHERE certificates.id = holder_links.certificate_id AND (certificates.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'institution_applications': "(SELECT gdt_sees('all')) OR institution_applications.institution_id = ANY ((SELECT gdt_places())::integer[]) OR (SELECT gdt_sees('stranger'))",
    'institution_reports': "(SELECT gdt_sees('all')) OR institution_reports.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'late_corrections': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM institution_reports WHERE institution_reports.id = late_corrections.report_id AND (institution_reports.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'person_merge_steps': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM person_merges WHERE person_merges.id = person_merge_steps.merge_id AND (person_merges.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'person_merges': "(SELECT gdt_sees('all')) OR person_merges.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'persons': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM affiliations WHERE affiliations.person_id = persons.id AND (affiliations.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM affiliations WHERE affiliations.person_id = persons.merged_into_id AND (affiliations.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM enrolments WHERE enrolments.person_id = persons.id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = enrolments.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR EXISTS (SELECT 1 FROM cohort_teachers WHERE cohort_teachers.person_id = persons.id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = cohort_teachers.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[]))))) OR EXISTS (SELECT 1 FROM training_participants WHERE training_participants.person_id = persons.id AND (training_participants.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR EXISTS (SELECT 1 FROM certificates WHERE certificates.person_id = persons.id AND (certificates.institution_id = ANY ((SELECT gdt_places())::integer[]))) OR (SELECT gdt_sees('stranger'))",
    'probable_pairs': "(SELECT gdt_sees('all')) OR probable_pairs.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'qualifications': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM affiliations WHERE affiliations.person_id = qualifications.person_id AND (affiliations.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'result_corrections': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM results WHERE results.id = result_corrections.result_id AND (EXISTS (SELECT 1 FROM sittings WHERE sittings.id = results.sitting_id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = sittings.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[])))))))",
    'results': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM sittings WHERE sittings.id = results.sitting_id AND (EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = sittings.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[])))))",
    'risk_findings': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM institution_reports WHERE institution_reports.id = risk_findings.report_id AND (institution_reports.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'sittings': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = sittings.cohort_id AND (cohorts.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'training_outcomes': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM training_participants WHERE training_participants.id = training_outcomes.participant_id AND (training_participants.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'training_participants': "(SELECT gdt_sees('all')) OR training_participants.institution_id = ANY ((SELECT gdt_places())::integer[])",
    'upload_row_changes': "(SELECT gdt_sees('all')) OR EXISTS (SELECT 1 FROM uploads WHERE uploads.id = upload_row_changes.upload_id AND (uploads.institution_id = ANY ((SELECT gdt_places())::integer[])))",
    'uploads': "(SELECT gdt_sees('all')) OR uploads.institution_id = ANY ((SELECT gdt_places())::integer[])",
}
MAKE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gdt_app') THEN CREATE ROLE gdt_app NOLOGIN; END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION 'The role gdt_app is missing, and the owner of this database may make none. As its'
    ' administrator: CREATE ROLE gdt_app NOLOGIN; GRANT gdt_app TO this owner; then upgrade again.';
END $$
"""
GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO gdt_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO gdt_app",
    "GRANT SELECT, USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO gdt_app",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO gdt_app",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, USAGE, UPDATE ON SEQUENCES TO gdt_app",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM gdt_app",
    # Events are only added, and seals by their function alone.
    "REVOKE DELETE ON audit_events FROM gdt_app",
    "REVOKE INSERT, UPDATE, DELETE ON audit_seals FROM gdt_app",
    "ALTER FUNCTION seal_events(jsonb) SECURITY DEFINER",
    "ALTER FUNCTION seal_events(jsonb) SET search_path = {schema}, pg_temp",
)


def upgrade():
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(MAKE_ROLE)
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    for statement in GRANTS:
        op.execute(statement.format(schema=schema))
    if op.get_bind().dialect.server_version_info >= (17,):  # VACUUM after somebody was erased
        op.execute(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA {schema} TO gdt_app")
    for statement in FUNCTIONS:
        op.execute(statement)
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_the_viewer ON {table} USING ({condition})")


def downgrade():
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in POLICIES:
        op.execute(f"DROP POLICY {table}_of_the_viewer ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION gdt_places()")
    op.execute("DROP FUNCTION gdt_sees(text)")
    op.execute("ALTER FUNCTION seal_events(jsonb) SECURITY INVOKER")
    op.execute("DROP OWNED BY gdt_app")  # what it was granted here; other databases may have the role as well
