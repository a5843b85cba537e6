"""Every record has a history: each field is told or said not to be, and each page of a record shows it."""

import re
from pathlib import Path

from gdt import app  # noqa: F401  (with it, all that histories tell)
from gdt.changes import list_told

TEMPLATES = Path(__file__).parents[2] / "templates"
EXTENDS = '{% extends "layouts/record.html" %}'
# Pages in the form of a record without a history of their own, and why.
WITHOUT = {
    "a tab: the record's first page, or its own tab, has the history": {
        "certification/cohort_certificates.html",
        "certification/partner_certificate.html",
        "certification/person_certificates.html",
        "certification/look.html",
        "exams/cohort_exams.html",
        "impact/institution_figures.html",
        "privacy/person_privacy.html",
        "training/cohort.html",
        "training/feedback/training_feedback.html",
        "training/headcounts.html",
        "training/institution_cohorts.html",
        "training/institution_teachers.html",
        "training/meetings/timetable.html",
        "training/person_record.html",
        "training/taking_part/training_places.html",
    },
    "a question before something is done": {
        "accounts/end_token.html",
        "certification/approve_key_order.html",
        "certification/batch_approve.html",
        "certification/batch_cancel.html",
        "certification/batch_decline.html",
        "certification/batch_issue.html",
        "certification/drop_key_order.html",
        "certification/remove_witness.html",
        "certification/replace_check.html",
        "certification/retire_key.html",
        "certification/revoke.html",
        "events/cancel_event.html",
        "impact/close_year.html",
        "imports/undo_upload.html",
        "partners/take_away_contact.html",
        "partners/terminate.html",
        "people/duplicate.html",
        "reporting/remind_round.html",
    },
    "work that is done once and then stands": {
        "certification/archive.html",
        "certification/delivery.html",
        "certification/ready_cohort.html",
        "certification/revocation.html",
        "certification/revocation_outcome.html",
        "imports/check.html",
        "imports/columns.html",
        "imports/outcome.html",
        "people/merge.html",
    },
    "a home, or figures that are counted": {
        "impact/annual_summary.html",
        "impact/country_figures.html",
        "impact/year.html",
        "recognition/standing.html",
    },
    "public, where nobody is told who did what": {
        "community/shown_project.html",
        "events/event.html",
        "events/events.html",
        "recognition/honours.html",
    },
    "one's own teaching": {"training/own_page/own_teaching.html"},
    "one's own way to sign in": {
        "accounts/recovery_codes.html",
        "accounts/second_factor.html",
        "accounts/token_made.html",
    },
}
KINDS = (
    *("institutions", "agreements", "agreement_drafts", "institution_applications", "users"),
    *("persons", "affiliations", "modules", "courses", "teacher_trainings", "qualifications"),
    *("training_participants", "training_outcomes", "cohorts", "enrolments", "headcounts"),
    *("exams", "sittings", "results", "certificates", "award_calls", "award_nominations", "projects"),
    *("events", "event_sessions", "project_places", "institution_reports", "reporting_rounds", "targets"),
)


def test_every_column_of_a_record_with_a_history_is_told_or_said_not_to_be():
    missing = {
        f"{told.model.__tablename__}.{name}: add it to the record's `told` module"
        for told in list_told()
        for name in (column.key for column in told.model.__mapper__.column_attrs)
        if name not in told.fields and name not in told.untold
    }
    assert missing == set()
    assert set(KINDS) <= {told.model.__tablename__ for told in list_told()}


def test_no_secret_is_ever_told():
    secret = re.compile(r"hash$|secret|token|salt|password|_key$|code_hash")
    told = {f"{one.model.__tablename__}.{name}" for one in list_told() for name in one.fields}
    assert {name for name in told if secret.search(name)} == set()


def test_every_page_of_a_record_shows_its_history():
    silent = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if EXTENDS in (text := path.read_text()) and "history(" not in text and "happenings(" not in text
    }
    assert silent == set().union(*WITHOUT.values())
