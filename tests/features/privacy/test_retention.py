"""What goes by itself when its time is over, people whose list the office confirms, the tick at uploads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from gdt import documents
from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.accounts.session_models import UserSession
from gdt.audit import AuditEvent
from gdt.database import db, now, unit_of_work
from gdt.imports.models import Upload, UploadState
from gdt.mail import OutgoingMail, send
from gdt.people.models import Person
from gdt.privacy.disk import clear_after_forgetting, rewrite_everything
from gdt.privacy.erasing_accounts import forget_account
from gdt.privacy.models import AskedBy, ErasureRequest, RequestState
from gdt.privacy.notice_models import NoticeGiven
from gdt.privacy.notices import publish_notice
from gdt.privacy.people_due import count_due
from gdt.privacy.retention import take_away_what_is_due
from gdt.privacy.retention_models import RetentionKind, RetentionRun
from tests.browser import token_of
from tests.factories import (
    make_affiliation,
    make_cohort,
    make_country,
    make_enrolment,
    make_institution,
    make_user,
)
from tests.factories import make_person as new_person
from tests.features.privacy.stories import handed_in

ROSTER = b"Full name,Student number\nLim Ah Kow,A-1\n"
LONG_AGO = datetime(2012, 5, 1, tzinfo=UTC)


def runs():
    db.session.rollback()
    return {run.kind: run.went for run in db.session.query(RetentionRun)}


def test_files_addresses_and_sign_ins_go_by_themselves_and_only_when_their_time_is_over(app, sign_in):
    sign_in(Role.LEADER)
    cohort = make_cohort(make_institution())
    old = handed_in(cohort, ROSTER, "old.csv", keep=True)
    young = handed_in(cohort, ROSTER + b"Ann,A-2\n", "young.csv", keep=True)
    with unit_of_work():
        db.session.get(Upload, old).uploaded_at = now() - timedelta(days=366)
        db.session.query(UserSession).update({"started_at": now() - timedelta(days=181)})
        for address in ("old@x.example", "young@x.example"):
            send("account_changed", to=address, subject="Hello", user=db.session.query(User).first())
    with unit_of_work():
        mail = db.session.query(OutgoingMail).filter_by(recipient="old@x.example").one()
        mail.settled_at = now() - timedelta(days=731)
    keys = (db.session.get(Upload, old).document_key, db.session.get(Upload, young).document_key)
    take_away_what_is_due()
    assert runs() == {
        RetentionKind.SIGN_INS: 1,
        RetentionKind.MAIL_ADDRESSES: 1,
        RetentionKind.UPLOADED_FILES: 1,
    }
    kept, gone = db.session.get(Upload, young), db.session.get(Upload, old)
    assert (gone.document_key, gone.checked_key, gone.journal, gone.rows_kept) == ("", None, [], 1)
    assert kept.document_key == keys[1] and documents.read(keys[1])
    assert keys[0] not in set(documents.every_key("imports"))
    assert db.session.query(OutgoingMail.recipient).order_by("recipient").all() == [
        ("",),
        ("young@x.example",),
    ]
    take_away_what_is_due()
    assert sum(runs().values()) == 3


def test_people_are_due_by_their_countrys_rule_and_go_when_somebody_typed_it(app, officer):
    place = make_institution(country=make_country(code="RW", m49_subregion="014"))
    old, busy, young = (new_person(printed_name=name) for name in ("Old One", "Busy One", "Young One"))
    for person in (old, busy, young):
        make_affiliation(person, place)
    make_enrolment(make_cohort(place), busy)
    with unit_of_work():
        for person in (old, busy):
            db.session.get(Person, person.id).created_at = LONG_AGO
    assert count_due(OFFICE) == 1
    page = officer.get("/privacy/retention").text
    assert "Old One" in page and "Busy One" not in page and "Young One" not in page
    typed = {"csrf_token": token_of(officer, "/account"), "confirm_word": "erase"}
    assert "Look again" in officer.post("/privacy/retention", data=typed | {"seen": "7"}).text
    assert officer.post("/privacy/retention", data=typed | {"seen": "1"}).status_code == 302
    db.session.rollback()
    wish = db.session.query(ErasureRequest).one()
    assert (wish.asked_by, wish.state) == (AskedBy.RETENTION, RequestState.ERASED)
    assert db.session.query(Person.printed_name).order_by(Person.id).all()[0] == ("Erased person",)
    assert runs() == {RetentionKind.PEOPLE: 1}
    assert "confirmed by" in officer.get("/privacy/retention").text


def test_a_roster_is_kept_once_somebody_ticked_that_its_people_were_told(app, sign_in):
    place = make_institution(country=make_country(code="RW", m49_subregion="014"))
    cohort = make_cohort(place)
    coordinator = sign_in(Role.COORDINATOR, place)
    with unit_of_work():
        publish_notice(actor=OFFICE, text="# Your data")
    upload_id = handed_in(cohort, ROSTER, "roster.csv", keep=False)
    page = coordinator.get(f"/imports/{upload_id}").text
    assert "version 1 of the privacy notice" in page and "under 16" in page
    token = {"csrf_token": token_of(coordinator, "/account")}
    coordinator.post(f"/imports/{upload_id}/keep", data=token)
    db.session.rollback()
    assert db.session.get(Upload, upload_id).state is UploadState.CHECKED
    coordinator.post(f"/imports/{upload_id}/keep", data=token | {"declared": "yes"})
    db.session.rollback()
    assert db.session.get(Upload, upload_id).state is UploadState.KEPT
    given = db.session.query(NoticeGiven).one()
    assert (given.notice.version, given.asked_age, given.institution_id) == (1, 16, place.id)
    person = db.session.query(Person).filter_by(printed_name="Lim Ah Kow").one()
    assert "Version 1 of the privacy notice" in coordinator.get(f"/people/{person.id}/privacy").text


def cleared():
    db.session.rollback()
    told = db.session.query(AuditEvent).filter_by(subject_kind="installation").order_by(AuditEvent.id)
    return [(event.action, event.details["erased"]) for event in told]


def test_what_forgotten_accounts_left_is_cleared_and_the_office_told_until_tables_are_written_anew(
    app, sign_in
):
    officer, leader = sign_in(Role.OFFICER), sign_in(Role.LEADER)
    leaver = make_user(email="mona.lisa@gdt.example", name="Mona Lisa", suspended_at=now())
    with unit_of_work():
        forget_account(actor=OFFICE, user=db.session.merge(leaver), reason="She left.")
    clear_after_forgetting()
    clear_after_forgetting()
    assert cleared() == [("cleared disk", 1)]
    is_file = db.engine.dialect.name == "sqlite"
    if is_file:
        folder = Path(db.engine.url.database).parent
        assert not [one for one in folder.glob("gdt.db*") if b"mona.lisa" in one.read_bytes()]
    said = "1 person or account was erased since the tables were last written anew"
    assert [said in browser.get("/").text for browser in (officer, leader)] == [not is_file, False]
    db.session.rollback()
    assert rewrite_everything() == 1
    assert cleared() == [("cleared disk", 1), ("rewrote tables", 1)]
    assert said not in officer.get("/").text
