"""What an annual summary says of places and of the years before, in its document, its page and its tables."""

import csv
import io
import json
import re
from datetime import date
from html import unescape

import openpyxl
import pytest
from pypdf import PdfReader

from gdt.access import OFFICE
from gdt.commands.impact import impact
from gdt.database import db, now, unit_of_work
from gdt.filters import day
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.settling import settle
from gdt.partners.models import Institution
from gdt.training.models import Enrolment, EnrolmentState, Headcount, HeadcountMeasure
from tests.browser import submit
from tests.factories import (
    TODAY,
    make_agreement,
    make_cohort,
    make_country,
    make_course,
    make_enrolment,
    make_institution,
    make_person,
)

SECTION = re.compile(r'<section id="[\w-]+">.*?</section>', re.DOTALL)
YEAR = TODAY.year - 2


@pytest.fixture
def network(app):
    """In one country: an institution that taught, one with an agreement alone, one that only claims."""
    home, course = make_country(code="MY"), make_course()
    taught, agreed, claimed = (
        make_institution(code=code, name=f"College {code}", country=home)
        for code in ("taught", "agreed", "claimed")
    )
    make_agreement(agreed, starts_on=date(YEAR, 2, 1), ends_on=date(YEAR, 12, 1))
    complete(taught, course, YEAR, 3)
    claim = Headcount(
        institution=claimed,
        module=course.modules[0],
        year=YEAR,
        measure=HeadcountMeasure.STUDENTS_TRAINED,
        people=70,
        evidence="A letter",
    )
    db.session.add(claim)
    db.session.commit()
    return claim


def complete(institution, course, year, many):
    """So many people complete a cohort of a year."""
    cohort = make_cohort(institution, course=course, starts_on=date(year, 3, 1), ends_on=date(year, 5, 4))
    for _ in range(many):
        done = {"state": EnrolmentState.COMPLETED, "completed_on": date(year, 5, 4)}
        make_enrolment(cohort, make_person(), **done)
    with unit_of_work():
        settle()


def close(year):
    with unit_of_work():
        close_year(actor=OFFICE, year=year, seen=preview_closing(year).seen)


def verify(headcount):
    """The office verifies a headcount, which is counted from then on."""
    with unit_of_work():
        kept = db.session.merge(headcount)
        kept.verified_at, kept.verified_by_name = now(), "Office"
        db.session.flush()
        settle()


def read_pdf(client, address):
    document = PdfReader(io.BytesIO(client.get(address).data))
    return document, {
        entry.title: " ".join(
            document.pages[document.get_destination_page_number(entry)].extract_text().split()
        )
        for entry in document.outline
    }


@pytest.mark.parametrize("place", ["", "?country=MY"])
def test_the_institutions_named_are_exactly_those_that_are_counted(network, leader, place):
    address = f"/impact/{YEAR}/annual-summary"
    _document, parts = read_pdf(leader, f"{address}.pdf{place}")
    counted, beside = parts["Institutions"].split("Not counted among them")
    assert "2 institutions took part" in counted
    assert "College taught" in counted
    assert "College agreed" in counted
    assert "College claimed" not in counted
    assert "College claimed" in beside
    assert "70 claimed" in beside
    page = leader.get(f"{address}{place or '?'}&part=all").text
    before, after = page.split("Not counted among them", 1)
    assert "College agreed" in before.split("2 institutions took part</h2>")[1]
    assert "College claimed" not in before.split("2 institutions took part</h2>")[1]
    assert "College claimed" in after
    table = list(csv.reader(io.StringIO(leader.get(f"{address}.csv{place}").data.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(leader.get(f"{address}.xlsx{place}").data))
    sheet = [["" if cell.value is None else str(cell.value) for cell in row] for row in book["Figures"]]
    for rows in (table, sheet):
        named = {(row[0], row[2]): row[5:9] for row in rows if row[1] == "institution"}
        assert named["institutions", "agreed"][0] == named["institutions", "taught"][0] == "1"
        assert named["institutions", "claimed"][0] == "0"
        assert named["students_trained", "agreed"] == ["0"] * 4
        assert named["students_trained", "claimed"] == ["0", "0", "0", "70"]


def parts_one_by_one(client, address):
    """What somebody reads who goes from each part to the next, and back once."""
    read, page = [], client.get(address).text
    while True:
        read += SECTION.findall(page)
        onward = re.search(r'href="([^"]+)"\s+rel="next"', page)
        if onward is None:
            back = re.search(r'href="([^"]+)"\s+rel="prev"', page)
            assert read[-2] in client.get(unescape(back[1])).text
            return read
        page = client.get(unescape(onward[1])).text


def test_a_published_summary_dates_its_restatements_and_its_page_leads_to_those_of_today(network, leader):
    close(YEAR)
    verify(network)
    address = f"/impact/{YEAR}/annual-summary"
    _document, parts = read_pdf(leader, f"{address}.pdf")
    assert "No earlier year’s published figure had changed" in parts["Restatements"]
    assert f"when this was published, on {day(TODAY)}" in parts["Restatements"]
    page = leader.get(f"{address}?part=all").text
    assert "Nothing published has changed" not in page
    assert parts_one_by_one(leader, address) == re.findall(
        r'<section id="[\w-]+">.*?</section>', page, re.DOTALL
    )
    assert leader.get(f"{address}?part=part-99").status_code == 404
    link = f'<a href="/impact/years/{YEAR}#restatements">What differs today from this summary</a>'
    assert link in page
    assert "figures would be others today" in leader.get(f"/impact/years/{YEAR}").text


def test_the_next_summary_compares_with_what_was_published_and_counts_as_the_years_page_does(network, leader):
    taught = db.session.query(Institution).filter_by(code="taught").one()
    complete(taught, make_course(), YEAR + 1, 4)
    close(YEAR)
    verify(network)
    before = summary_beside_the_year_before(leader)
    close(YEAR + 1)
    assert summary_beside_the_year_before(leader) == before


def summary_beside_the_year_before(leader):
    """The texts of the next summary, which stay the same when it is closed."""
    address = f"/impact/{YEAR + 1}/annual-summary"
    _document, parts = read_pdf(leader, f"{address}.pdf")
    assert f"Students trained: 4 in {YEAR + 1}, 3 in {YEAR}." in parts["Year on year"]
    assert f"1 more than in {YEAR}" in parts["The year in six numbers"]
    rows = csv.DictReader(io.StringIO(leader.get(f"{address}.csv").data.decode("utf-8-sig")))
    found = {(row["measure"], row["by"], row["code"], row["year"]): row for row in rows}
    assert found["students_trained", "", "", str(YEAR + 1)]["total_year_before"] == "3"
    assert found["students_trained", "year", str(YEAR), str(YEAR)]["total"] == "3"
    page = leader.get(f"/impact/years/{YEAR}").text
    many = re.search(r"(\d+) figures would be others today", page).group(1)
    assert f"{many} published figures of {YEAR} are restated" in parts["Restatements"]
    return parts["Year on year"], rows_of_found(found)


def rows_of_found(found):
    return sorted(map(str, found.values()))


def test_on_the_page_of_a_closed_year_the_published_number_and_that_of_today_are_told_apart(network, leader):
    close(YEAR)
    page = leader.get(f"/impact?year={YEAR}").text
    assert page.count(">published<") == 6
    verify(network)
    page = leader.get(f"/impact?year={YEAR}").text
    assert "published; counted today it would be 73" in page
    assert "Students trained by year, counted today" in page
    assert "counted today" not in leader.get(f"/impact?year={YEAR + 1}").text


def test_the_command_tells_a_year_in_words_and_refuses_one_outside_as_the_page_does(network, app):
    close(YEAR)
    verify(network)
    runner = app.test_cli_runner()
    answer = runner.invoke(impact, ["--year", str(YEAR), "--country", "MY"])
    assert answer.exit_code == 0
    assert f"{YEAR} is closed: what is published does not change." in answer.output
    assert f"{YEAR}, Malaysia, as of {day(TODAY)}" in answer.output
    students = "73  published: 3; 3 recorded by name; 70 in verified headcounts"
    assert re.search(rf"^Students trained +{students}$", answer.output, re.MULTILINE)
    assert re.search(r"^Exams taken +0  as published$", answer.output, re.MULTILINE)
    for raw in ("None", "{", "students_trained"):
        assert raw not in answer.output
    nothing = "Nothing was counted or reported here for 1800."
    for year, sentence in ((1800, nothing), (2190, "2190 has not begun.")):
        answer = runner.invoke(impact, ["--year", str(year)])
        assert (answer.exit_code, answer.stderr.strip()) == (2, sentence)
        answer = runner.invoke(impact, ["--year", str(year), "--json"])
        assert json.loads(answer.output) == {"refused": sentence}


def test_only_what_the_records_do_not_tell_asks_for_a_reason_and_one_is_given_to_many_at_once(
    network, officer
):
    close(YEAR)
    verify(network)
    page = officer.get(f"/impact/years/{YEAR}").text
    assert "A headcount was verified or corrected." in page
    assert "Write the reason" not in page
    behind_the_back()
    page = officer.get(f"/impact/years/{YEAR}").text
    many = page.count("Write the reason")
    assert many > 2
    address = "/impact/years/{}/reason?measure={}&by=institution&place=taught"
    one = address.format(YEAR, "students_trained")
    assert "The same for every figure that has no reason yet" in officer.get(one).text
    assert submit(officer, one, reason=" . ").status_code == 422
    also = "completions:country:MY"
    assert submit(officer, one, reason="A list was lost.", also=also).status_code == 302
    page = officer.get(f"/impact/years/{YEAR}").text
    assert page.count("<p>A list was lost.</p>") >= 2
    assert "A list was lost.." not in page
    assert "Change the reason" in page
    assert "no reason yet" in page
    assert submit(officer, one, reason="A list was lost.", all_open="y").status_code == 302
    assert "no reason yet" not in officer.get(f"/impact/years/{YEAR}").text
    table = officer.get(f"/impact/years/{YEAR}/restatements.csv").data.decode("utf-8-sig")
    assert "A list was lost;" in table
    assert ".;" not in table


def behind_the_back():
    """A completion goes without a trace that says why."""
    with unit_of_work():
        db.session.delete(db.session.query(Enrolment).first())
        db.session.flush()
        settle()


def test_the_summary_of_one_institution_or_country_speaks_of_it_alone(network, leader):
    taught = db.session.query(Institution).filter_by(code="taught").one()
    taught.native_name = "มหาวิทยาลัยลำน้ำ"
    db.session.commit()
    complete(taught, make_course(), YEAR - 1, 2)
    address = f"/impact/{YEAR}/annual-summary"
    document, parts = read_pdf(leader, f"{address}.pdf?institution=taught")
    assert has_thai(document.pages[0].extract_text())
    text = " ".join(parts.values())
    assert "Every institution that took part" not in text
    assert "since the programme began" not in text
    assert "The institution has recorded or reported something for the year." in text
    made_on = f"D:{TODAY:%Y%m%d}000000+00'00'"
    assert document.metadata["/CreationDate"] == document.metadata["/ModDate"] == made_on
    assert document.metadata.author == "GDT Network"
    _document, parts = read_pdf(leader, f"{address}.pdf?country=MY")
    assert parts["Institutions"].count("Malaysia") == 1  # at the foot
    page = leader.get(f"{address}?part=all").text
    assert f">Regions: The year before, {YEAR - 1}</caption>" in re.sub(
        r"\s*(</?caption[^>]*>)\s*", r"\1", page
    )


def has_thai(text):
    return any("\u0e00" <= letter <= "\u0e7f" for letter in text)
