"""Opening a number: as many rows as it says, on the page, in the file and in the summary."""

import csv
import io
import random
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from gdt.access import OFFICE, Role
from gdt.database import db
from gdt.impact.annual_summary import draw_summary
from gdt.impact.measures import MEASURES
from gdt.impact.queries import load_network
from gdt.impact.rows import count_rows, iterate_headcounts, iterate_rows
from gdt.impact.scopes import Scope
from gdt.impact.summarising import summary_content
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.spreadsheets.cell_text import restore
from gdt.training.models import Enrolment
from tests.features.impact.networks import (
    TODAY,
    YEARS,
    measures_in,
    present_oracle,
    random_network,
    scopes_of,
)

MEASURES_BY_KEY = {measure.key: measure for measure in MEASURES}


def table_of(response):
    assert response.status_code == 200
    text = response.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def coordinator_of(sign_in, code):
    return sign_in(Role.COORDINATOR, db.session.query(Institution).filter_by(code=code).one())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_number_has_as_many_rows_as_it_says_whatever_the_filter(app, seed):
    oracle = random_network(seed)
    network = load_network(OFFICE)
    scopes = random.Random(seed).sample(list(scopes_of(oracle)), 15)
    for scope in [{}, *scopes]:
        for measure in measures_in(scope):
            recorded, verified, claimed = oracle.count(measure.key, scope)
            rows = list(iterate_rows(OFFICE, network, measure, Scope(**scope)))
            if measure.told_by is not None:
                told = [(1 if measure.key == "projects" else r.people_helped, r.state.value) for r in rows]
                assert sum(n for n, state in told if state == "counted") == verified
                assert sum(n for n, state in told if state != "counted") == claimed
                continue
            assert len(rows) == recorded, (measure.key, scope)
            reported = list(iterate_headcounts(OFFICE, measure, Scope(**scope)))
            assert sum(r.people for r in reported if r.verified_at) == verified
            assert sum(r.people for r in reported if not r.verified_at) == claimed


def test_no_row_stands_twice(app):
    random_network(3)
    network = load_network(OFFICE)
    for measure in MEASURES:
        rows = list(iterate_rows(OFFICE, network, measure, Scope()))
        assert len(rows) == len({tuple(row) for row in rows})
        if measure.key in ("teachers_certified", "students_trained"):
            assert len(rows) == len({row.person_id for row in rows})


def test_records_merged_through_a_chain_stand_on_one_row_of_every_list_of_people(app):
    """Whoever of them the facts are of; two others have facts of the same cohorts and stay apart."""
    random_network(5)
    by_facts = select(Enrolment.person_id).where(Enrolment.completed_on.is_not(None))
    by_facts = by_facts.group_by(Enrolment.person_id).order_by(func.count().desc())
    first, second, third = (db.session.get_one(Person, n) for n in db.session.scalars(by_facts.limit(3)))
    first.merged_into_id, second.merged_into_id = second.id, third.id
    db.session.commit()
    network, oracle = load_network(OFFICE), present_oracle()
    for scope in ({}, *({"year": year} for year in YEARS)):
        for measure in MEASURES:
            if measure.counts in ("people", "newcomers") and measure.fact != "presence":
                rows = list(iterate_rows(OFFICE, network, measure, Scope(**scope)))
                assert len(rows) == oracle.count(measure.key, scope)[0], (measure.key, scope)
                assert len(rows) == count_rows(OFFICE, network, measure, Scope(**scope))


def test_the_page_says_the_number_and_the_file_adds_up_to_it(app, leader):
    oracle = random_network(4)
    for scope in ({}, {"year": YEARS[-1]}, {"country": "MY", "module": "retail"}):
        for measure in MEASURES:
            recorded, verified, _claimed = oracle.count(measure.key, scope)
            page = leader.get(f"/impact/{measure.slug}", query_string=scope)
            assert page.status_code == 200
            count = re.search(r'id="count">\s*([\d,]+)', page.text).group(1)
            assert int(count.replace(",", "")) == recorded + verified
            rows = table_of(leader.get(f"/impact/{measure.slug}.csv", query_string=scope))
            if measure.told_by is not None:
                assert (
                    len([row for row in rows if row["state"] == "counted"])
                    == oracle.count("projects", scope)[1]
                )
            elif measure.fact == "presence":
                assert len(rows) == recorded
            else:
                counted = [row for row in rows if row["source"] != "claimed"]
                assert sum(int(row["number"]) for row in counted) == recorded + verified


def test_every_page_of_rows_follows_the_last_and_together_they_are_all(app, leader):
    oracle = random_network(8)
    seen, address = [], "/impact/certificates-issued"
    while address:
        text = leader.get(address).text
        seen += re.findall(r"<td data-label=\"On\">", text)
        following = re.search(r'rel="next"\s+href="([^"]+)"', text)
        address = following.group(1).replace("&amp;", "&") if following else None
    assert len(seen) == oracle.count("certificates_issued", {})[0]


def test_headcounts_are_listed_apart_with_their_state(app, leader):
    oracle = random_network(6)
    text = leader.get("/impact/students-trained?source=headcounts").text
    mine = [entry for entry in oracle.headcounts if entry[0] == "students_trained"]
    assert len(re.findall(r"data-label=\"State\"", text)) == len(mine)
    assert text.count("verified</span>") == sum(1 for *_rest, ok in mine if ok)


def test_names_go_out_in_their_own_script(app, leader):
    random_network(9)
    names = {row["name"] for row in table_of(leader.get("/impact/completions.csv"))}
    found = {row["name"] for row in table_of(leader.get("/impact/students-trained.csv"))}
    assert found <= {restore(name) for name in names}
    assert any(not name.isascii() for name in found)


def test_a_coordinator_opens_her_own_rows_alone(app, sign_in):
    oracle = random_network(10)
    mine = coordinator_of(sign_in, "my0")
    for measure in MEASURES:
        rows = table_of(mine.get(f"/impact/{measure.slug}.csv"))
        codes = {row["institution_code"] for row in rows if "institution_code" in row}
        assert codes <= {"my0"}
        if measure.fact != "presence":
            recorded, verified, _claimed = oracle.count(measure.key, {"institution": "my0"})
            numbers = [int(row["number"]) for row in rows if row["source"] != "claimed"]
            assert sum(numbers) == recorded + verified


HIDDEN = [
    "/impact?institution=my1",
    "/impact?country=RW",
    "/impact/students-trained?institution=my1",
    "/impact/students-trained.csv?institution=my1",
    "/institutions/my1/figures",
    f"/impact/{TODAY.year}/annual-summary?institution=my1",
    f"/impact/{TODAY.year}/annual-summary.pdf?country=MY",
    f"/impact/{TODAY.year}/annual-summary.csv?institution=my1",
    f"/impact/{TODAY.year}/annual-summary.xlsx?institution=my1",
    "/impact/targets?institution=my1",
    "/impact/years?country=MY",
]


def test_what_a_coordinator_may_not_see_looks_as_if_it_were_not_there(app, sign_in):
    random_network(12)
    mine = coordinator_of(sign_in, "my0")
    assert [mine.get(address).status_code for address in HIDDEN] == [404] * len(HIDDEN)


WRONG = [
    "/impact?year=soon",
    "/impact?year=-1",
    "/impact?year=99999999999",
    "/impact?module=x",
    "/impact/nothing",
    "/impact/Students-trained",
    "/impact/students_trained",
]


def test_an_address_that_names_nothing_is_not_found(app, leader):
    random_network(13)
    assert [leader.get(address).status_code for address in WRONG] == [404] * len(WRONG)


def test_the_summary_as_a_table_and_as_a_document_says_what_plain_counting_finds(app, leader):
    oracle = random_network(14)
    year = YEARS[-2]
    rows = table_of(leader.get(f"/impact/{year}/annual-summary.csv"))
    assert {row["measure"] for row in rows} == set(MEASURES_BY_KEY)
    for row in rows:
        scope = {"year": int(row["year"])}
        if row["by"] not in ("", "year"):
            scope[row["by"]] = row["code"]
        if row["by"] == "gender":
            continue  # told by the tests of genders
        recorded, verified, claimed = oracle.count(row["measure"], scope)
        assert (int(row["recorded"]), int(row["verified"]), int(row["claimed"])) == (
            recorded,
            verified,
            claimed,
        )
        assert int(row["total"]) == recorded + verified
        before = oracle.count(row["measure"], {**scope, "year": scope["year"] - 1})
        assert int(row["total_year_before"]) == sum(before[:2])
    content = summary_content(year)
    for measure in MEASURES:
        figure = content.of(measure.key)
        assert (figure.recorded, figure.verified, figure.claimed) == oracle.count(measure.key, {"year": year})
    definitions = PdfReader(io.BytesIO(draw_summary(content))).pages[-1].extract_text()
    assert all(str(measure.name) in definitions for measure in MEASURES)
    assert "Adding up" in definitions


def test_people_reached_up_to_a_year_are_counted_once_over_all_of_them(app):
    oracle = random_network(15)
    content = summary_content(YEARS[-1])
    for year in YEARS:
        people = {key for key, where, _in in oracle.facts["students_trained"] if where["year"] <= year}
        verified = sum(
            n
            for name, where, _in, n, ok in oracle.headcounts
            if name == "students_trained" and ok and where["year"] <= year
        )
        assert content.reached("students_trained", year) == len(people) + verified
