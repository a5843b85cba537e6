"""The leader's page beyond its six numbers: the map, two numbers made of two, and the same for programs."""

import json
import re
from pathlib import Path

from gdt.commands.impact import impact
from gdt.impact.web_map import land_picture
from tests.features.impact.networks import YEARS, random_network


def bubbles(page):
    """(where it leads, what it says) of each bubble."""
    return re.findall(r'<a href="([^"]+)">\s*<title>([^<]+)</title>\s*<circle', page)


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
    assert f"{students} students for {teachers} teachers" in text
    assert f"{round(students / teachers, 1):g}" in text
    taken, passed = total("exams_taken"), total("exams_passed")
    assert f"{passed} of {taken} exams" in text
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
