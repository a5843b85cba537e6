"""An officer limited to regions: the figures of their countries and institutions, and nothing of others."""

import re

import pytest

from gdt.access import OFFICE, Role
from gdt.database import db, unit_of_work
from gdt.errors import RecordNotFound
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.queries import get_scope, load_network, read_figures
from gdt.impact.rows import iterate_rows
from gdt.impact.scopes import Scope
from gdt.impact.target_models import Target
from gdt.impact.target_queries import read_goals
from gdt.partners.models import Country, Institution, Region
from tests.factories import make_user
from tests.features.impact.networks import YEARS, measures_in, random_network

YEAR = YEARS[-2]


@pytest.fixture
def oracle(app):
    return random_network(31)


def region(code):
    return db.session.query(Region).filter_by(code=code).one()


@pytest.fixture
def limited(oracle, sign_in):
    return sign_in(Role.OFFICER, regions=[region("asia")])


def test_every_number_and_row_of_her_regions_is_hers_and_no_other(oracle):
    viewer = make_user(role=Role.OFFICER, regions=[region("asia"), region("africa")])
    network = load_network(viewer)
    assert get_scope(network, Scope()) == Scope(region="asia")  # one at a time
    one = load_network(make_user(role=Role.OFFICER, regions=[region("asia")]))
    for elsewhere in (Scope(region="africa"), Scope(country="RW"), Scope(institution="rw0")):
        with pytest.raises(RecordNotFound):
            get_scope(one, elsewhere)
    for chosen in ({}, {"country": "MY"}, {"institution": "my1"}, {"year": YEAR}, {"module": "retail"}):
        scope = get_scope(one, Scope(**chosen))
        figures = read_figures(viewer, one, scope)
        for measure in measures_in(chosen):
            found = figures.of(measure, scope)
            counted = (found.recorded, found.verified, found.claimed)
            assert counted == oracle.count(measure.key, {"region": "asia", **chosen}), (measure.key, chosen)
            rows = list(iterate_rows(viewer, one, measure, scope))
            assert len(rows) == oracle.count_rows(measure, {"region": "asia", **chosen})


def test_without_a_region_the_figures_read_for_her_are_of_nobody(oracle):
    viewer = make_user(role=Role.OFFICER, regions=[region("asia")])
    network = load_network(viewer)
    figures = read_figures(viewer, network, Scope())
    assert figures.of(measures_in({})[1], Scope()).recorded == 0


def test_a_region_without_institutions_counts_nothing_and_shows_nobody_elses_total(oracle, sign_in):
    db.session.add(Region(code="empty", name="Empty", position=9))
    db.session.commit()
    page = sign_in(Role.OFFICER, regions=[region("empty")]).get("/impact").text
    assert "Nothing has been counted or reported here yet." in page


def test_her_pages_show_her_region_and_summaries_of_its_places_but_not_the_networks(oracle, limited):
    page = limited.get("/impact").text
    recorded, verified, _claimed = oracle.count("students_trained", {"region": "asia"})
    shown = re.search(r'href="/impact/students-trained\?region=asia">([\d,]+)</a>', page).group(1)
    assert int(shown) == recorded + verified
    assert "Rwanda" not in page and "All regions" not in page
    told = limited.get("/impact/figures.json").json
    assert (told["region"], told["students_trained"]) == ("asia", recorded + verified)
    places = limited.get(f"/impact/{YEAR}/annual-summary", follow_redirects=True).text
    assert "country=MY" in places and "country=RW" not in places and "The network" not in places
    assert limited.get(f"/impact/{YEAR}/annual-summary.pdf?country=MY").status_code == 200
    for path in (f"/impact/{YEAR}/annual-summary.pdf", f"/impact/{YEAR}/annual-summary.csv?country=RW"):
        assert limited.get(path).status_code == 404
    for path in ("/impact/years", "/impact/targets", f"/impact/years/{YEAR}"):
        answer = limited.get(path)
        assert answer.status_code == 200
        assert "rw0" not in answer.text and "Rwanda" not in answer.text


def test_of_a_closed_year_she_has_what_was_published_of_her_places_and_not_the_sealed_file(oracle, limited):
    with unit_of_work():
        close_year(actor=OFFICE, year=YEAR, seen=preview_closing(YEAR).seen)
    with unit_of_work():
        moved = db.session.query(Institution).filter_by(code="my0").one()
        moved.country = db.session.query(Country).filter_by(code="RW").one()
    assert limited.get(f"/impact/years/{YEAR}/figures.json").status_code == 404
    assert limited.get(f"/impact/{YEAR}/annual-summary.pdf").status_code == 404
    page = limited.get(f"/impact/years/{YEAR}").text
    assert "rw0" not in page and "Rwanda" not in page
    # What was published of the region stays, though an institution of it stands elsewhere now.
    told = limited.get(f"/impact/figures.json?year={YEAR}").json
    assert told["published"]["students_trained"] == sum(
        oracle.count("students_trained", {"region": "asia", "year": YEAR})[:2]
    )
    assert "institution=my0" not in limited.get(f"/impact/{YEAR}/summaries").text
    assert limited.get(f"/impact/{YEAR}/annual-summary?institution=my0").status_code == 404


def test_targets_of_other_places_and_of_the_network_are_not_hers(oracle):
    viewer = make_user(role=Role.OFFICER, regions=[region("asia")])
    with unit_of_work():
        ids = dict(db.session.query(Country.code, Country.id).all())
        for level, place_id in ((0, 0), (2, ids["MY"]), (2, ids["RW"])):
            db.session.add(Target(year=YEAR, level=level, place_id=place_id, teachers=7, students=700))
    goals = read_goals(viewer, load_network(viewer))
    assert set(goals.typed) == {(YEAR, 2, ids["MY"])}
