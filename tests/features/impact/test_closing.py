"""Closing a year: what is published never changes, and what differs later is said with its reason."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256

import openpyxl
import pytest
from pypdf import PdfReader

from certificates.log import Event, decode_entry
from gdt import documents
from gdt.access import OFFICE, Role
from gdt.certification.checking.everything import check_log
from gdt.certification.log import queries as log_queries
from gdt.certification.models import Certificate, CertificateKind
from gdt.commands.impact import impact
from gdt.commands.years import close, restatements_command
from gdt.database import db, now, reading, unit_of_work
from gdt.errors import DomainError
from gdt.impact.closed_models import ClosedSummary
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.closing_queries import get_closed, read_figures_to_freeze
from gdt.impact.frozen_figures import every_figure, thaw
from gdt.impact.measures import MEASURES
from gdt.impact.restatement_reasons import Cause, causes_at
from gdt.impact.scopes import Scope
from gdt.impact.settling import settle
from gdt.partners.models import Institution
from gdt.people.merging import merge_persons
from gdt.training.models import Enrolment, EnrolmentState, Headcount, HeadcountMeasure
from tests.browser import submit, token_of
from tests.factories import (
    TODAY,
    make_cohort,
    make_country,
    make_course,
    make_enrolment,
    make_institution,
    make_person,
)
from tests.features.impact.networks import YEARS, random_network

YEAR = TODAY.year - 2
DONE = {"state": EnrolmentState.COMPLETED, "completed_on": date(YEAR, 5, 4)}


@pytest.fixture
def students(app):
    """Five students of two institutions in Malaysia in a year that is over, one of them entered twice."""
    home = make_country(code="MY")
    make_country(code="TH", m49_subregion="035")
    course, people = make_course(), []
    for code, many in (("north", 4), ("south", 2)):
        institution = make_institution(code=code, name=f"College {code}", country=home)
        cohort = make_cohort(institution, course=course, starts_on=date(YEAR, 3, 1), ends_on=date(YEAR, 5, 4))
        for _ in range(many):
            people.append(make_person())
            make_enrolment(cohort, people[-1], **DONE)
    return people


def published(year=YEAR):
    """Close a year and return it."""
    with unit_of_work():
        close_year(actor=OFFICE, year=year, seen=preview_closing(year).seen)
    return get_closed(year)


def teacher_certificate(person, institution):
    """A certificate of the year, outside the log: what counts it needs no more."""
    certificate = Certificate(
        number=f"GDT-{YEAR}-000001",
        code="code",
        year=YEAR,
        serial=1,
        kind=CertificateKind.TEACHER,
        thing_earned="thing",
        edition=1,
        person=person,
        institution=institution,
        course=make_course(),
        issued_on=date(YEAR, 6, 1),
        facts={},
        design="d1",
        file_key="k",
        file_sha256="0" * 64,
        file_size=1,
    )
    db.session.add(certificate)
    db.session.commit()
    return certificate


def test_an_officer_looks_and_publishes_and_everything_is_kept_and_sealed(students, officer):
    page = officer.get(f"/impact/years/{YEAR}/close").text
    assert "Publish and close" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    path = f"/impact/years/{YEAR}/close"
    assert submit(officer, path, seen=seen, confirm_word="yes").status_code == 422
    assert submit(officer, path, seen=seen, confirm_word=str(YEAR)).status_code == 302
    closed = get_closed(YEAR)
    text = officer.get(f"/impact/years/{YEAR}").text
    assert "Nothing has changed" in text
    assert closed.publication.facts_sha256 in text
    places = {(one.level, one.place_code) for one in db.session.query(ClosedSummary)}
    assert places == {(2, "MY"), (3, "north"), (3, "south")}
    summary = officer.get(f"/impact/{YEAR}/annual-summary.pdf").data
    figures = officer.get(f"/impact/years/{YEAR}/figures.json").data
    entry, *places = (decode_entry(leaf.encode()) for leaf in log_queries.list_leaves(0, 10))
    assert (entry.event, entry.number) == (Event.PUBLISHED, f"GDT-SUMMARY-{YEAR}")
    assert [one.number.rpartition("-")[2] for one in places] == ["MY", "NORTH", "SOUTH"]
    assert {one.commitment for one in places} == {entry.commitment}
    assert (entry.file, entry.commitment) == (sha256(summary).hexdigest(), sha256(figures).hexdigest())
    assert [str(finding) for finding in check_log()] == []
    for content in (summary, figures, officer.get(f"/impact/{YEAR}/annual-summary.pdf?country=MY").data):
        assert f"as GDT-SUMMARY-{YEAR}" in handed_in(officer, content)
    assert f"as GDT-SUMMARY-{YEAR}" not in handed_in(officer, summary + b" ")
    again = submit(officer, path, seen=seen, confirm_word=str(YEAR), page="/account")
    assert again.status_code == 422
    assert "was closed by" in again.text


def handed_in(client, content):
    """What a stranger is told who hands in a file."""
    data = {"file": (io.BytesIO(content), "file.pdf")}
    return client.post("/verify", data=data, content_type="multipart/form-data").text


def test_nothing_that_happens_later_changes_what_was_published_and_each_difference_has_its_reason(
    students, officer, leader
):
    north, south = (db.session.query(Institution).filter_by(code=code).one() for code in ("north", "south"))
    certificate = teacher_certificate(students[0], north)
    published()
    addresses = [
        f"/impact/{YEAR}/annual-summary.{ending}?{place}"
        for ending in ("pdf", "csv", "xlsx")
        for place in ("", "country=MY", "institution=north")
    ]
    addresses += [f"/impact/years/{YEAR}/figures.json", f"/impact/{YEAR}/annual-summary?part=all"]
    before = [content_of(leader.get(address)) for address in addresses]
    with unit_of_work():
        one, other, gone = (db.session.merge(person) for person in (*students[:2], students[4]))
        merge_persons(actor=OFFICE, survivor=one, other=other, choices={})
        certificate = db.session.merge(certificate)
        certificate.revoked_at, certificate.revoked_reason, certificate.revoked_by_name = now(), "Error", "X"
        db.session.query(Enrolment).filter_by(person_id=gone.id).delete()
        gone.erased_at = now()
        thai = make_country_of("TH")
        db.session.merge(south).country_id = thai.id
    after = [content_of(leader.get(address)) for address in addresses]
    assert [address for address, a, b in zip(addresses, before, after, strict=True) if a != b] == []
    page = leader.get(f"/impact?year={YEAR}").text
    assert "published; counted today it would be 4" in page
    own = leader.get("/institutions/north/figures").text
    assert re.search(rf"{YEAR}</a>\s*<span class=\"muted\">published</span>", own)
    assert re.search(r"published: \d", own)
    assert f"{YEAR} was closed on" in leader.get(f"/institutions/north/figures?year={YEAR}").text
    rows = leader.get(f"/impact/students-trained?year={YEAR}").text
    assert "6. The rows below are those of today." in rows
    listed = leader.get(f"/impact/years/{YEAR}").text
    for cause in (Cause.MERGED, Cause.REVOKED, Cause.ERASED, Cause.MOVED):
        assert str(cause) in listed
    told(officer)
    restated_in_the_next_summary(leader, officer)


def make_country_of(code):
    return db.session.query(Institution.country.property.mapper.class_).filter_by(code=code).one()


def content_of(answer):
    """What an answer holds: its bytes, but for the token of a page and the hour a workbook was packed."""
    assert answer.status_code == 200
    if "spreadsheet" in answer.mimetype:
        sheets = openpyxl.load_workbook(io.BytesIO(answer.data))
        return [[cell.value for cell in row] for sheet in sheets for row in sheet.iter_rows()]
    return [line for line in answer.data.splitlines() if b"csrf" not in line]


def told(officer):
    """The office adds a reason, which leads the list."""
    path = f"/impact/years/{YEAR}/reason?measure=students_trained&by=institution&place=north"
    assert submit(officer, path, reason="").status_code == 422
    assert submit(officer, path, reason="Two lists named one student").status_code == 302
    assert "Two lists named one student." in officer.get(f"/impact/years/{YEAR}").text


def restated_in_the_next_summary(leader, officer):
    cohort = make_cohort(
        db.session.query(Institution).filter_by(code="north").one(),
        starts_on=date(YEAR + 1, 3, 1),
        ends_on=date(YEAR + 1, 5, 4),
    )
    make_enrolment(cohort, make_person(), state=EnrolmentState.COMPLETED, completed_on=date(YEAR + 1, 5, 4))
    with unit_of_work():
        settle()
    is_left_open = f"{YEAR + 1} is over and not closed yet"
    assert is_left_open in officer.get("/").text
    published(YEAR + 1)
    assert is_left_open not in officer.get("/").text
    summary = PdfReader(io.BytesIO(leader.get(f"/impact/{YEAR + 1}/annual-summary.pdf").data))
    text = " ".join(" ".join(page.extract_text() for page in summary.pages).split())
    assert f"published figures of {YEAR} are restated" in text
    assert "Two lists named one student" in text
    assert f"{YEAR}: Students trained" in text
    assert str(Cause.MOVED) in text


def test_a_late_headcount_is_a_restatement_and_the_command_line_lists_it(students, app):
    runner = app.test_cli_runner()
    published()
    assert runner.invoke(restatements_command, [str(YEAR)]).exit_code == 0
    enrolment = db.session.query(Enrolment).first()
    late = Headcount(
        measure=HeadcountMeasure.STUDENTS_TRAINED,
        institution=enrolment.cohort.institution,
        module=enrolment.cohort.modules[0],
        year=YEAR,
        people=70,
        evidence="A letter",
        verified_at=now(),
        verified_by_name="Office",
    )
    db.session.add(late)
    db.session.commit()
    answer = runner.invoke(restatements_command, [str(YEAR), "--json"])
    assert answer.exit_code == 1
    found = {(row["measure"], row["by"], row["module"]): row for row in json.loads(answer.output)}
    told = json.loads(runner.invoke(impact, ["--year", str(YEAR), "--json"]).output)
    assert (told["students_trained"], told["published"]["students_trained"]) == (76, 6)
    opened = runner.invoke(impact, ["explain", "students_trained", "--year", str(YEAR), "--json"])
    assert (json.loads(opened.output)["total"], json.loads(opened.output)["published"]) == (76, 6)
    network = found["students_trained", "", ""]
    assert (network["published"], network["now"], network["difference"]) == (6, 76, 70)
    assert network["reason"] == str(Cause.HEADCOUNT)
    assert runner.invoke(restatements_command, ["1999"]).exit_code == 2


def test_of_two_who_publish_at_once_one_is_told_who_was_first(students, app):
    seen = preview_closing(YEAR).seen
    db.session.rollback()

    def publish(_n):
        with app.app_context():
            try:
                with unit_of_work():
                    close_year(actor=OFFICE, year=YEAR, seen=seen)
            except DomainError as error:
                return error.message
            return "closed"

    with ThreadPoolExecutor(2) as people:
        told = sorted(people.map(publish, range(2)))
    assert told[1] == "closed"
    assert f"{YEAR} was closed by GDT Network on" in told[0]
    assert log_queries.count_entries() == 4
    assert list(check_log()) == []


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (TODAY.year + 1, "has not begun"),
        (TODAY.year, f"can be closed from 1 Jan {TODAY.year + 1}"),
        (TODAY.year - 9, "Nothing was counted or reported here"),
    ],
)
def test_a_year_that_is_not_over_or_has_nothing_is_not_closed(students, app, officer, year, sentence):
    assert sentence in officer.get(f"/impact/years/{year}/close").text
    token = token_of(officer, "/account")
    data = {"csrf_token": token, "confirm_word": str(year), "seen": "x"}
    answer = officer.post(f"/impact/years/{year}/close", data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert app.test_cli_runner().invoke(close, [str(year)]).exit_code == 2


def test_figures_that_changed_since_somebody_looked_are_not_published(students):
    seen = preview_closing(YEAR).seen
    make_enrolment(db.session.query(Enrolment).first().cohort, make_person(), **DONE)
    with pytest.raises(DomainError, match="have changed since you looked"), unit_of_work():
        close_year(actor=OFFICE, year=YEAR, seen=seen)


def test_a_partner_gets_the_summary_of_its_own_institution_and_no_other(students, sign_in):
    published()
    mine = db.session.query(Institution).filter_by(code="north").one()
    client = sign_in(Role.COORDINATOR, mine)
    own = client.get(f"/impact/{YEAR}/annual-summary.pdf").data
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(own)).pages)
    assert "College north" in text
    assert "College south" not in text
    for place in ("institution=south", "country=MY"):
        for page in (f"/impact/{YEAR}/annual-summary", f"/impact/{YEAR}/annual-summary.pdf"):
            assert client.get(f"{page}?{place}").status_code == 404
    assert client.get(f"/impact/years/{YEAR}/figures.json").status_code == 404
    text = client.get(f"/impact/students-trained?year={YEAR}").text
    assert "4, the same as these rows make" in text
    pages = [f"/impact/{YEAR}/annual-summary", f"/impact/{YEAR}/summaries"]
    pages += [f"/impact?year={YEAR}", f"/institutions/north/figures?year={YEAR}"]
    for page in pages[2:]:
        assert "counted today it would be" not in client.get(page).text
        assert re.search(r"year=\d+[^>]*>4</a>", client.get(page).text)
        assert not re.search(r"year=\d+[^>]*>6</a>", client.get(page).text)
    for page in (f"/impact/years/{YEAR}", "/impact/years", *pages):
        assert "College south" not in client.get(page).text


def test_a_file_that_was_changed_in_the_store_is_refused_and_found(students, leader):
    closed = published()
    place = documents.open_to_write(closed.publication.file_key)
    with place as file:
        file.write(b"%PDF-1.7 a kinder summary")
    answer = leader.get(f"/impact/{YEAR}/annual-summary.pdf", follow_redirects=True)
    assert "is not the one that was published" in answer.text
    assert [str(finding) for finding in check_log()] == [
        f"GDT-SUMMARY-{YEAR}: The document in the document store is not the one that was published."
    ]


@pytest.mark.parametrize("seed", range(3))
def test_frozen_figures_answer_what_the_database_and_the_oracle_answer(app, seed):
    oracle, year = random_network(40 + seed), YEARS[-2]
    with reading():
        figures, facts = read_figures_to_freeze(year)
        frozen = thaw(json.loads(json.dumps(facts)))
        live = every_figure(figures, year)
        assert every_figure(frozen, year) == live
        for (key, scope), figure in live.items():
            assert (figure.recorded, figure.verified, figure.claimed) == oracle.count(key, scope.chosen())
        for measure in MEASURES:
            for scope in (Scope(), Scope(country="MY"), Scope(institution="my0"), Scope(region="asia")):
                for until in YEARS[:-1]:
                    assert frozen.reached(measure, scope, until) == figures.reached(measure, scope, until)
                by_year = {y: f for y, f in figures.by(measure, "year", scope).items() if y <= year}
                assert frozen.by(measure, "year", scope) == by_year


def test_a_cause_is_named_only_for_a_measure_it_can_change():
    assert causes_at("students_trained", {Cause.REVOKED, Cause.LATE}) == (Cause.LATE,)
    assert causes_at("certificates_issued", {Cause.REVOKED, Cause.LATE}) == (Cause.REVOKED,)
    assert causes_at("completions", {Cause.MERGED}) == ()
