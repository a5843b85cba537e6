"""The leader's page beyond its six numbers: the map, two numbers made of two, and the same for programs."""

import csv
import html
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from gdt.commands.impact import impact
from gdt.impact.web_map import land_picture
from tests.features.impact.networks import YEARS, random_network


def bubbles(page):
    """(where it leads, what it says) of each bubble."""
    return re.findall(r'<a href="([^"]+)">\s*<title>([^<]+)</title>\s*<circle', page)


def words_of(page):
    return re.sub(r"<[^>]+>", "", page)


def rows_behind(browser, href):
    """What the page of rows says there are, and what the numbers of its file make, by where they are from."""
    path, _, query = href.partition("?")
    query = "&".join(choice for choice in query.split("&") if not choice.startswith("source="))
    page = browser.get(f"{path}?{query}").text
    made_of = {"recorded": 0, "verified": 0, "claimed": 0}
    for row in csv.DictReader(io.StringIO(browser.get(f"{path}.csv?{query}").data.decode("utf-8-sig"))):
        made_of[row.get("source", "recorded")] += int(row.get("number", 1))
    return int(re.search(r'id="count">\s*([\d,]+)', page)[1].replace(",", "")), made_of


NUMBER = r"(?<![\d.,])[1-9][\d,]*"
SHARES = re.compile(
    NUMBER + " (?:by name|verified|claimed|in verified|recorded|more claimed|of |students for)"
)


@pytest.mark.parametrize(
    "filters", [{}, {"year": YEARS[-1], "region": "asia"}, {"country": "MY", "module": "retail"}]
)
def test_every_number_is_a_link_to_as_many_rows_with_the_same_filter(app, leader, filters):
    random_network(1)
    page = html.unescape(leader.get("/impact", query_string=filters).text)
    numbers = re.findall(r'<a href="(/impact/[^"]*)">([\d,]+)( in \d+ so far)?</a>', page)
    assert len(numbers) > 10
    for href, said, _rest in numbers:
        if "/targets?" in href:
            continue
        total, made_of = rows_behind(leader, href)
        assert total == made_of["recorded"] + made_of["verified"]
        by = ("verified", "claimed") if "source=headcounts" in href else ("recorded",)
        shares = {made_of[part] for part in by} | ({total} if len(by) == 1 else set())
        assert int(said.replace(",", "")) in shares, href
        asked = parse_qs(href.partition("?")[2])
        assert all(name == "year" or asked[name] == [chosen] for name, chosen in filters.items())
    figures = page.partition("figures-six")[2]
    left = words_of(re.sub(r"<(a|svg)\b.*?</\1>", "", figures, flags=re.DOTALL))
    assert SHARES.findall(left.partition("students for each")[0]) == []


def test_the_map_has_a_bubble_for_each_country_with_students_and_narrows_to_it(app, leader):
    oracle = random_network(1)
    counted = {}
    for country in ("MY", "TH", "RW"):
        recorded, verified, _claimed = oracle.count("students_trained", {"country": country})
        counted |= {country: recorded + verified} if recorded + verified else {}
    assert len(counted) > 1
    found = {}
    for href, said in bubbles(leader.get("/impact").text):
        found[href.rpartition("=")[2]] = int(re.search(r"[\d,]+$", said)[0].replace(",", ""))
    assert found == counted
    assert bubbles(leader.get("/impact?country=TH").text) == []


def test_the_land_on_the_map_is_the_outline_we_were_given():
    kept = Path(__file__).parents[3] / "gdt" / "static" / "land.svg"
    assert kept.read_text() == land_picture()


def test_students_for_each_teacher_and_the_share_of_passed_exams_are_made_of_the_totals(app, leader):
    oracle = random_network(1)

    def total(measure):
        recorded, verified, _claimed = oracle.count(measure, {})
        return recorded + verified

    text = leader.get("/impact").text
    students, teachers = total("students_trained"), total("teachers_certified")
    assert f"{students} students for {teachers} teachers" in words_of(text)
    assert f"{round(students / teachers, 1):g}" in text
    taken, passed = total("exams_taken"), total("exams_passed")
    assert f"{passed} of {taken} exams" in words_of(text)
    assert f"{round(100 * passed / taken)} %" in text
    assert "students for each teacher" not in leader.get("/impact?year=1999").text


def test_the_api_tells_what_the_command_line_tells(app, leader):
    random_network(1)
    for asked, options in (
        (f"?year={YEARS[0]}", ["--year", YEARS[0]]),
        (f"?year={YEARS[-1]}&country=MY", ["--year", YEARS[-1], "--country", "my"]),
    ):
        printed = app.test_cli_runner().invoke(impact, [*map(str, options), "--json"]).output
        assert leader.get(f"/impact/figures.json{asked}").json == json.loads(printed)
    assert leader.get("/impact/figures.json?country=XX").status_code == 404


def test_who_has_not_reported_is_a_number_that_opens_as_many_names_in_the_same_place(app, leader):
    random_network(2)
    number = re.compile(r'<a href="([^"]+#silent)">(\d+)</a>\s*</p>\s*<p class="figure-sentence">institution')
    seen = 0
    for asked in (
        "",
        *(f"?year={year}{place}" for year in YEARS for place in ("", "&region=asia", "&country=RW")),
    ):
        found = number.search(leader.get(f"/impact{asked}").text)
        if found:
            listed = leader.get(found[1].replace("&amp;", "&")).text.partition('id="silent"')[2]
            assert len(re.findall(r"/institutions/\w+/figures", listed)) == int(found[2]) > 0
            seen += 1
    assert seen
    assert not number.search(leader.get(f"/impact?year={YEARS[0]}&module=retail").text)
