"""Closing a year whose reports are not all approved, and reminders that go out by themselves."""

import io
import json
from datetime import UTC, datetime, time, timedelta

from pypdf import PdfReader

from gdt import documents
from gdt.access import OFFICE, Role
from gdt.certification.issuing import sweeping
from gdt.commands.years import close
from gdt.database import db, now, unit_of_work
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.closing_queries import get_closed, read_published
from gdt.mail import OutgoingMail
from gdt.reporting.finding_models import RiskFinding
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.routines import remind_of_reports
from gdt.reporting.services import approve_report, submit_report
from tests.browser import squeezed, submit
from tests.factories import TODAY, make_country, make_user
from tests.features.reporting.stories import YEAR, approved, claim, opened, report_of, teaching_school


def test_the_preview_and_the_summary_say_whose_report_is_not_approved_and_one_may_publish(app, officer):
    home = make_country(code="MY")
    done, _cohort = teaching_school(code="done", name="Done College", country=home)
    sent, cohort = teaching_school(code="sent", name="Sent College", country=home)
    teaching_school(code="idle", name="Idle College", country=home)
    claim(sent, cohort, 100)
    path = f"/impact/years/{YEAR}/close"
    assert f"No reports were asked for {YEAR}." in officer.get(path).text
    opened()
    approved(done)
    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(sent))
    with unit_of_work():
        db.session.query(RiskFinding).one().is_sampled = True  # one in three round numbers is
    page = squeezed(officer.get(path).text)
    assert "2 of 3 reports are not approved; findings not looked at: 1." in page
    assert "Sent College submitted, not approved 1" in page and "Idle College not submitted 0" in page
    told = json.loads(app.test_cli_runner().invoke(close, [str(YEAR), "--json"]).output)
    assert told["reports"]["asked"] == 3
    assert {one["institution"]: one["state"] for one in told["reports"]["open"]} == {
        "sent": "submitted",
        "idle": "open",
    }
    seen = officer.get(path).text.split('name="seen" value="')[1].split('"')[0]
    assert submit(officer, path, seen=seen, confirm_word=str(YEAR)).status_code == 302
    kept = read_published(get_closed(YEAR))["reports"]
    assert kept == [["done", "approved", 0], ["idle", "open", 0], ["sent", "submitted", 1]]
    with unit_of_work():
        submit_report(actor=OFFICE, report=db.session.query(InstitutionReport).filter_by(state="open").one())
    for place, words in (
        ("", "2 of 3 reports are not approved"),
        ("?country=MY", "1 finding of the checks was not looked at."),
        ("?institution=done", "1 report was asked for, and the office has approved it."),
        ("?institution=idle", "Idle College not submitted 0"),
    ):
        summary = f"/impact/{YEAR}/annual-summary"
        assert words in squeezed(officer.get(f"{summary}{place or '?'}&part=all").text), place
        document = PdfReader(io.BytesIO(officer.get(f"{summary}.pdf{place}").data))
        assert words in " ".join("\n".join(page.extract_text() for page in document.pages).split()), place


def test_a_report_approved_after_the_look_is_a_change_of_what_would_be_published(app):
    school, _cohort = teaching_school()
    opened()
    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(school))
    before = preview_closing(YEAR).seen
    with unit_of_work():
        approve_report(actor=OFFICE, report=report_of(school))
    assert preview_closing(YEAR).seen != before


def test_reminders_go_out_by_themselves_once_for_each_day_there_is_for_them(app, monkeypatch):
    late, _cohort = teaching_school(name="Late College")
    prompt, _cohort = teaching_school(name="Prompt College")
    for school in (late, prompt):
        make_user(role=Role.COORDINATOR, institution=school, email=f"{school.code}@schools.example")
    opened(due_in=20)
    with unit_of_work():
        submit_report(actor=OFFICE, report=report_of(prompt))
        db.session.query(ReportingRound).one().opened_at = now() - timedelta(days=30)
    sent = []
    for day in (0, 6, 7, 17, 18, 28, 200):
        moment = datetime.combine(TODAY + timedelta(days=day), time(9), UTC)
        for module in ("gdt.reporting.reminding.now", "gdt.reporting.routines.now"):
            monkeypatch.setattr(module, lambda moment=moment: moment)
        remind_of_reports()
        remind_of_reports()
        db.session.expire_all()
        mails = db.session.query(OutgoingMail).order_by(OutgoingMail.id).all()
        sent.append(len(mails))
    assert {mail.recipient for mail in mails} == {f"{late.code}@schools.example"}
    assert sent == [0, 1, 1, 2, 2, 3, 3]  # 14 and 3 days before; a week after; and a round so old is left
    monkeypatch.setitem(app.config, "REPORT_REMINDERS", ())
    with unit_of_work():
        report_of(late).last_reminded_on = None
    remind_of_reports()
    assert db.session.query(OutgoingMail).count() == 3


def test_a_sweep_takes_what_closing_left_behind_and_nothing_that_was_published(store, app, monkeypatch):
    teaching_school()
    with unit_of_work():
        close_year(actor=OFFICE, year=YEAR, seen=preview_closing(YEAR).seen)
    orphan = documents.keep("closed-years", b"%PDF- of a slower closing", suffix=".pdf")
    monkeypatch.setattr(sweeping, "now", lambda: now() + timedelta(hours=30))
    swept = sweeping.sweep_documents(older_than=timedelta(hours=24), dry_run=False)
    assert swept.orphans == [orphan[0]]
    assert swept.looked_at == 5  # the file, three summaries, and what nothing points to
    assert read_published(get_closed(YEAR))["year"] == YEAR
