"""P17: page, files, summary and command say what plain Python counts, whatever happened to the network."""

import csv
import html
import io
import json
import random
import re
from urllib.parse import urlencode

import openpyxl
import pytest
from pypdf import PdfReader

from gdt.access import OFFICE, Role
from gdt.accounts.token_models import TokenRight
from gdt.commands.impact import impact
from gdt.database import db
from gdt.impact.checking import check_totals
from gdt.impact.measures import COUNTED_IN_TABLES, KEY_FIGURES, PRESENCE
from gdt.impact.queries import load_network, read_figures
from gdt.impact.scopes import Scope
from tests.factories import make_token, make_user
from tests.features.impact.histories import History
from tests.features.impact.networks import YEARS, measures_in, present_oracle, scopes_of

SEEDS = (100,)  # the soak tries fifty others


def assert_all_numbers(oracle):
    """Every measure in every scope, and the check has nothing to say."""
    figures = read_figures(OFFICE, load_network(OFFICE), Scope())
    for scope in scopes_of(oracle):
        for measure in measures_in(scope):
            found = figures.of(measure, Scope(**scope))
            counted = (found.recorded, found.verified, found.claimed)
            assert counted == oracle.count(measure.key, scope), (measure.key, scope)
    assert list(check_totals(lambda _kind, _portion: None)) == []


def assert_every_face(app, leader, oracle, seed):
    """Page, drilled page, CSV and command line in some scopes; the summary of a year as CSV, XLSX and PDF."""
    for scope in [{}, *random.Random(seed).sample(list(scopes_of(oracle)), 2)]:
        page = html.unescape(leader.get("/impact", query_string=scope).text)
        for measure in measures_in(scope):
            recorded, verified, claimed = oracle.count(measure.key, scope)
            opened = leader.get(f"/impact/{measure.slug}", query_string=scope).text
            assert number_in(opened, r'id="count">\s*([\d,]+)') == recorded + verified
            if measure in KEY_FIGURES and "figures-six" in page:
                assert (
                    number_in(page, rf'href="/impact/{measure.slug}[^"]*">([\d,]+)</a>')
                    == recorded + verified
                )
            rows = table_of(leader.get(f"/impact/{measure.slug}.csv", query_string=scope).data)
            if measure.fact == "presence":
                assert len(rows) == oracle.count_rows(measure, scope)
            else:
                named = [row for row in rows if row["source"] == "recorded"]
                assert len(named) == recorded
                assert sum(int(row["number"]) for row in rows) == recorded + verified + claimed
            told = explained(app, measure, scope)
            assert (told["recorded"], told["verified"], told["claimed"]) == (recorded, verified, claimed)
        assert_api(leader, oracle, scope)
    assert_programs_find_the_same(app, oracle, scope)
    home = random.Random(seed).choice(sorted({place["institution"] for place in oracle.place.values()}))
    assert_terms(leader, oracle, home)
    for place in ({}, {"institution": home}, {"country": "MY"}):
        assert_summary(leader, oracle, place)


def assert_api(leader, oracle, scope):
    told = leader.get("/impact/figures.json", query_string=scope).json
    for measure in measures_in(scope):
        recorded, verified, claimed = oracle.count(measure.key, scope)
        assert told[measure.key] == recorded + verified
        shares = {"recorded": recorded, "verified": verified, "claimed": claimed}
        assert told["shares"][measure.key] == shares
        for gender, people in told.get("by_gender", {}).get(measure.key, {}).items():
            assert people == sum(oracle.count(measure.key, {**scope, "gender": gender})[:2])


def assert_programs_find_the_same(app, oracle, scope):
    """The API with an access token: every number, and of each as many rows as it says."""
    program = app.test_client()
    token = make_token(make_user(role=Role.LEADER), TokenRight.FIGURES)
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    told = program.get("/api/v1/figures", query_string=scope).json
    for measure in measures_in(scope):
        shares = oracle.count(measure.key, scope)
        names = ("recorded", "verified", "claimed")
        assert told["shares"][measure.key] == dict(zip(names, shares, strict=True))
        if measure.fact != "presence":
            rows = everything_of(program, f"/api/v1/figures/{measure.slug}/rows", scope)
            assert len(rows) == shares[0]


def everything_of(program, path, scope):
    found, after = [], ""
    while after is not None:
        told = program.get(path, query_string={**scope, "after": after}).json
        found, after = found + told["items"], told["next"]
    return found


def assert_terms(leader, oracle, institution):
    """A term's page, counted from its rows; what is of both terms of a year adds up to the year's."""
    for measure in COUNTED_IN_TABLES:
        counts = []
        for term in (f"{YEARS[-2]}-s1", f"{YEARS[-2]}-s2", f"{YEARS[-1]}-q1"):
            asked = {"institution": institution, "term": term}
            opened = leader.get(f"/impact/{measure.slug}", query_string=asked).text
            counts.append(sum(oracle.count(measure.key, asked)[:2]))
            assert number_in(opened, r'id="count">\s*([\d,]+)') == counts[-1], (measure.key, asked)
        year = sum(oracle.count(measure.key, {"institution": institution, "year": YEARS[-2]})[:2])
        is_rows = measure.counts == "facts"
        assert sum(counts[:2]) == year if is_rows else sum(counts[:2]) >= year


def assert_summary(leader, oracle, place):
    year = YEARS[-2]
    address, home = f"/impact/{year}/annual-summary", "?" + urlencode(place)
    if not any(any(oracle.count(one.key, {"year": year, **place})) for one in measures_in({"year": year})):
        assert leader.get(f"{address}.xlsx{home}").status_code == 302  # there is nothing to tell of
        return
    table = table_of(leader.get(f"{address}.csv{home}").data)
    book = openpyxl.load_workbook(io.BytesIO(leader.get(f"{address}.xlsx{home}").data))
    sheet = [[cell.value for cell in row] for row in book["Figures"].iter_rows()]
    for row in [*table, *(dict(zip(sheet[0], cells, strict=True)) for cells in sheet[1:])]:
        scope = {"year": int(row["year"]), **place}
        if row["by"] not in ("", None, "year"):
            scope[row["by"]] = row["code"]
        if row["by"] == "gender":
            assert int(row["total"]) == by_gender(oracle, row["measure"], scope)
            continue
        shares = tuple(int(row[name]) for name in ("recorded", "verified", "claimed"))
        assert shares == oracle.count(row["measure"], scope)
    document = PdfReader(io.BytesIO(leader.get(f"{address}.pdf{home}").data))
    numbers = document.pages[1].extract_text()
    page = html.unescape(leader.get(address, query_string={**place, "part": "all"}).text)
    for measure in KEY_FIGURES:
        if measure not in PRESENCE or not place:
            total = sum(oracle.count(measure.key, {"year": year, **place})[:2])
            assert re.search(rf"(?<![\d,]){total:,}(?![\d,])", numbers), (measure.key, place)
            assert re.search(rf">\s*{total:,}\s*<", page), (measure.key, place)


def by_gender(oracle, measure, scope):
    """What a document may tell: a group of nobody or of five and more, two of them perhaps together."""
    groups = ("other", "not-given") if scope["gender"] == "other-or-not-given" else (scope["gender"],)
    people = sum(sum(oracle.count(measure, {**scope, "gender": group})[:2]) for group in groups)
    assert people == 0 or people >= 5
    return people


def number_in(text, pattern):
    return int(re.search(pattern, text).group(1).replace(",", ""))


def table_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def explained(app, measure, scope):
    words = [word for name, value in scope.items() if name != "region" for word in (f"--{name}", str(value))]
    if "region" in scope:
        words += ["--region", scope["region"]]
    db.session.rollback()
    return json.loads(
        app.test_cli_runner().invoke(impact, ["explain", measure.slug, *words, "--json"]).output
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_history_every_face_of_the_figures_says_what_plain_counting_finds(app, leader, seed):
    history = History(seed)
    assert_all_numbers(present_oracle())
    for _ in range(3):
        history.go_on(8)
        assert_all_numbers(present_oracle())
    assert_every_face(app, leader, present_oracle(), seed)
