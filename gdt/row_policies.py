"""Which rows of an institution PostgreSQL shows to whom: each table's path to its institution, as data.

The second lock behind `access.within`: a query that forgets it finds no row of another institution. The
policies made from this stand in a migration, and a test holds the two against each other.
"""

from dataclasses import dataclass

ROLE = "gdt_app"  # what the application is in the database: it owns nothing, and no policy spares it
SETTING = "gdt.sees"  # what a transaction may see; unset: nothing
ALL, STRANGER = "all", "stranger"
PLACES = "(SELECT gdt_places())::integer[]"
VIEWER = "(SELECT gdt_user())"
_IS_SHOWN = "projects.state = 'counted' AND projects.may_be_shown"


@dataclass(frozen=True)
class Owned:
    """How a row leads to its institution: by its own column, or through rows of another table.

    `also` are further ways, each (column, table, column there). `is_shown_by_code` says that the public pages
    of certificates read it, whose doors are a code or a secret link. `is_taught` narrows a teacher to rows
    she is named in, and so, because policies hold within policies, to what leads home through them.
    `is_viewers` says that the column names an account, and the row is that account's. `read_where` are rows
    that more people read than may write them: a policy of its own, for reading alone.
    """

    column: str
    of: str = ""
    key: str = "id"
    also: tuple[tuple[str, str, str], ...] = ()
    is_shown_by_code: bool = False
    is_taught: bool = False
    is_viewers: bool = False
    read_where: str = ""


def _of_shown_projects(table: str) -> str:
    shown = f"projects.id = {table}.project_id AND {_IS_SHOWN}"
    return f"EXISTS (SELECT 1 FROM projects WHERE {shown})"  # noqa: S608


# A year's judges read what stands; of whose they may not, the code shows them no more than that it is there.
_TO_JUDGE = (
    "award_nominations.state <> 'withdrawn' AND EXISTS (SELECT 1 FROM award_judges"  # noqa: S608
    f" WHERE award_judges.call_id = award_nominations.call_id AND award_judges.user_id = {VIEWER})"
)
_IS_HONOURED = "award_nominations.state = 'given' AND award_nominations.given_on <= (SELECT gdt_today())"


OWNED: dict[str, Owned] = {
    "affiliations": Owned("institution_id"),
    "agreement_drafts": Owned("institution_id"),
    "agreement_reminders": Owned("agreement_id", "agreements"),
    "agreements": Owned("institution_id"),
    "application_checks": Owned("application_id", "institution_applications", is_shown_by_code=True),
    "application_notes": Owned("application_id", "institution_applications", is_shown_by_code=True),
    "award_judgements": Owned("judge_user_id", is_viewers=True),
    "award_judges": Owned("user_id", is_viewers=True),
    "award_nominations": Owned("institution_id", read_where=f"({_IS_HONOURED}) OR ({_TO_JUDGE})"),
    "award_scores": Owned("judgement_id", "award_judgements"),
    "certificate_archives": Owned(
        "cohort_id", "cohorts", also=(("batch_id", "certificate_batch_rows", "batch_id"),)
    ),
    "certificate_batch_rows": Owned("institution_id"),
    "certificate_deliveries": Owned("institution_id", is_shown_by_code=True),
    "certificate_proofs": Owned("certificate_id", "certificates", is_shown_by_code=True),
    "certificate_replacements": Owned("certificate_id", "certificates", is_shown_by_code=True),
    "certificate_seals": Owned("certificate_id", "certificates", is_shown_by_code=True),
    "certificates": Owned("institution_id", is_shown_by_code=True),
    "cohort_teachers": Owned("cohort_id", "cohorts"),
    "cohorts": Owned("institution_id", is_shown_by_code=True, is_taught=True),
    "consent_withdrawals": Owned("person_id", "persons", is_shown_by_code=True),
    "contacts": Owned("institution_id"),
    "correction_notes": Owned("request_id", "correction_requests", is_shown_by_code=True),
    "correction_requests": Owned("institution_id", is_shown_by_code=True),
    "double_marks": Owned("sitting_id", "sittings"),
    "enrolments": Owned("cohort_id", "cohorts"),
    "erasure_requests": Owned("institution_id", is_shown_by_code=True),
    "event_invitations": Owned("institution_id", is_shown_by_code=True),
    "event_registrations": Owned("institution_id", is_shown_by_code=True),
    "expiry_reminders": Owned("institution_id"),
    "feedback_requests": Owned("participant_id", "training_participants"),
    "headcounts": Owned("institution_id"),
    "holder_choices": Owned("person_id", "persons", is_shown_by_code=True),
    "holder_links": Owned("certificate_id", "certificates", is_shown_by_code=True),
    "institution_applications": Owned("institution_id", is_shown_by_code=True),
    "institution_reports": Owned("institution_id"),
    "late_corrections": Owned("report_id", "institution_reports"),
    "nomination_evidence": Owned(
        "nomination_id",
        "award_nominations",
        read_where="EXISTS (SELECT 1 FROM award_nominations"  # noqa: S608
        f" WHERE award_nominations.id = nomination_evidence.nomination_id AND {_TO_JUDGE})",
    ),
    "person_merges": Owned("institution_id"),
    "person_merge_steps": Owned("merge_id", "person_merges"),
    "meeting_attendances": Owned("participant_id", "training_participants"),
    "persons": Owned(
        "id",
        "affiliations",
        "person_id",
        also=(
            ("merged_into_id", "affiliations", "person_id"),
            ("id", "enrolments", "person_id"),
            ("id", "cohort_teachers", "person_id"),
            ("id", "training_participants", "person_id"),
            ("id", "certificates", "person_id"),
        ),
        is_shown_by_code=True,
    ),
    "probable_pairs": Owned("institution_id"),
    "project_evidence": Owned("project_id", "projects"),
    "project_pictures": Owned("project_id", "projects", read_where=_of_shown_projects("project_pictures")),
    "project_places": Owned("project_id", "projects", read_where=_of_shown_projects("project_places")),
    "projects": Owned("institution_id", read_where=_IS_SHOWN),
    "qualification_reminders": Owned("qualification_id", "qualifications"),
    "qualifications": Owned("person_id", "affiliations", "person_id"),
    "result_corrections": Owned("result_id", "results"),
    "results": Owned("sitting_id", "sittings"),
    "risk_findings": Owned("report_id", "institution_reports"),
    "sitting_flags": Owned("sitting_id", "sittings"),
    "sitting_tallies": Owned("institution_id"),
    "sittings": Owned("cohort_id", "cohorts"),
    "training_applications": Owned("institution_id"),
    "training_invitations": Owned("institution_id"),
    "training_outcomes": Owned("participant_id", "training_participants"),
    "training_participants": Owned("institution_id"),
    "upload_row_changes": Owned("upload_id", "uploads"),
    "uploads": Owned("institution_id"),
}
# Tables with a column of an institution or a person that anyone may read, or that lead to nobody, and why.
OPEN: dict[str, str] = {
    "audit_events": "read by whoever may read the trail, never by a partner's people but for their records",
    "column_memories": "headers of files, no person",
    "counted_people": "counts without names, kept right by whoever commits",
    "counted_teaching": "counts without names",
    "expiry_digests": "which institution was mailed when",
    "institution_looks": "logos and languages, printed on certificates",
    "log_witnesses": "mailed by whoever signs a head; ended by a secret link",
    "notices_given": "which notice an institution gives, no person",
    "person_keys": "hashes of names, by which the same person is found elsewhere",
    "refused_sign_ins": "written before anyone is signed in",
    "season_months": "counts without names",
    "sign_in_services": "read before anyone is signed in",
    "users": "read before anyone is signed in",
}
FUNCTIONS = {
    "gdt_sees": (
        "CREATE FUNCTION gdt_sees(who text) RETURNS boolean STABLE LANGUAGE sql AS"
        f" $$SELECT coalesce(current_setting('{SETTING}', true) = who, false)$$"
    ),
    "gdt_places": (
        "CREATE FUNCTION gdt_places() RETURNS integer[] STABLE LANGUAGE sql AS $$SELECT CASE"  # noqa: S608
        f" WHEN current_setting('{SETTING}', true) LIKE 'place:%'"
        f" THEN ARRAY[split_part(current_setting('{SETTING}', true), ':', 2)::integer]"
        f" WHEN current_setting('{SETTING}', true) LIKE 'teacher:%'"
        f" THEN ARRAY[split_part(current_setting('{SETTING}', true), ':', 3)::integer]"
        f" WHEN current_setting('{SETTING}', true) LIKE 'regions:%' THEN ARRAY("
        "SELECT i.id FROM institutions i JOIN countries c ON c.id = i.country_id WHERE c.region_id"
        f" = ANY (string_to_array(split_part(current_setting('{SETTING}', true), ':', 2), ',')::integer[]))"
        " ELSE '{}' END$$"
    ),
    "gdt_cohorts_of": (
        "CREATE FUNCTION gdt_cohorts_of(person integer) RETURNS integer[] STABLE LANGUAGE sql"  # noqa: S608
        f" SET {SETTING} TO '{ALL}'"
        " AS $$SELECT ARRAY(SELECT cohort_id FROM cohort_teachers WHERE person_id = person)$$"
    ),
    "gdt_user": (
        "CREATE FUNCTION gdt_user() RETURNS integer STABLE LANGUAGE sql AS $$SELECT nullif(split_part("
        f"current_setting('{SETTING}', true), ':', CASE WHEN current_setting('{SETTING}', true)"
        " LIKE 'teacher:%' THEN 4 ELSE 3 END), '')::integer$$"
    ),
    "gdt_today": (
        "CREATE FUNCTION gdt_today() RETURNS date STABLE LANGUAGE sql AS $$SELECT"
        " (now() AT TIME ZONE 'UTC')::date$$"
    ),
    "gdt_taught": (
        "CREATE FUNCTION gdt_taught() RETURNS integer[] STABLE LANGUAGE sql AS $$SELECT CASE"
        f" WHEN current_setting('{SETTING}', true) LIKE 'teacher:%' THEN"
        f" gdt_cohorts_of(split_part(current_setting('{SETTING}', true), ':', 2)::integer) END$$"
    ),
}
TAUGHT = "(SELECT gdt_taught())"


def leads_home(table: str) -> str:
    """The condition that a row of the table belongs to a place the viewer sees.

    EXISTS leaves PostgreSQL the choice: one look into an index for a row, one hash for a whole table.
    """
    owned = OWNED[table]
    if owned.is_viewers:
        return f"{table}.{owned.column} = {VIEWER}"
    if not owned.of:
        return f"{table}.{owned.column} = ANY ({PLACES})"
    ways = ((owned.column, owned.of, owned.key), *owned.also)
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {of} WHERE {of}.{key} = {table}.{column} AND ({leads_home(of)}))"  # noqa: S608
        for column, of, key in ways
    )


def condition(table: str) -> str:
    """Who sees a row of the table, and may write it."""
    home = leads_home(table)
    if OWNED[table].is_taught:
        home = f"({home} AND ({TAUGHT} IS NULL OR {table}.id = ANY ({TAUGHT}::integer[])))"
    seen = f"(SELECT gdt_sees('{ALL}')) OR {home}"
    return f"{seen} OR (SELECT gdt_sees('{STRANGER}'))" if OWNED[table].is_shown_by_code else seen


def policies(table: str) -> list[str]:
    """What a table's policies are made with: one for its owner, and where more people read, one for them."""
    made = [f"CREATE POLICY {table}_of_the_viewer ON {table} USING ({condition(table)})"]
    read_where = OWNED[table].read_where
    if read_where:
        made.append(f"CREATE POLICY {table}_read_by_others ON {table} FOR SELECT USING ({read_where})")
    return made


def statements(table: str) -> list[str]:
    """What puts the lock on a table; for the migration that makes it."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *policies(table),
    ]
