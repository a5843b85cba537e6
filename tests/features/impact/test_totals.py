"""The totals against an oracle that knows no SQL, on random networks."""

import pytest

from gdt.access import OFFICE, Role
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.impact.measures import MEASURES
from gdt.impact.queries import load_network, read_figures, totals
from gdt.impact.scopes import DIMENSIONS, Scope
from gdt.partners.models import Institution
from tests.factories import make_user
from tests.features.impact.networks import measures_in, random_network, scopes_of

SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_total_in_every_scope_is_what_plain_counting_finds(app, seed):
    oracle = random_network(seed)
    network = load_network(OFFICE)
    figures = read_figures(OFFICE, network, Scope())
    for scope in scopes_of(oracle):
        for measure in measures_in(scope):
            found = figures.of(measure, Scope(**scope))
            assert (found.recorded, found.verified, found.claimed) == oracle.count(measure.key, scope), (
                measure.key,
                scope,
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_reading_a_narrower_place_gives_the_same_totals(app, seed):
    oracle = random_network(seed)
    network = load_network(OFFICE)
    for place in ({"region": "asia"}, {"country": "MY"}, {"institution": "rw1"}):
        figures = read_figures(OFFICE, network, Scope(**place))
        for measure in MEASURES:
            found = figures.of(measure, Scope(**place))
            assert (found.recorded, found.verified, found.claimed) == oracle.count(measure.key, place)


def test_every_breakdown_gives_what_its_own_scope_gives(app):
    oracle = random_network(11)
    figures = read_figures(OFFICE, load_network(OFFICE), Scope())
    for scope in ({}, {"module": "logistics"}, {"country": "MY"}):
        for measure in MEASURES:
            for dimension in DIMENSIONS:
                for value, figure in figures.by(measure, dimension, Scope(**scope)).items():
                    expected = oracle.count(measure.key, {**scope, dimension: value})
                    assert (figure.recorded, figure.verified, figure.claimed) == expected


def test_the_command_gets_the_same_totals_whatever_the_case_of_the_codes(app):
    oracle = random_network(5)
    found = totals(country="my", institution="MY0")
    for measure in MEASURES:
        recorded, verified, claimed = oracle.count(measure.key, {"country": "MY", "institution": "my0"})
        assert found[measure.key] == recorded + verified
        assert found["shares"][measure.key] == {
            "recorded": recorded,
            "verified": verified,
            "claimed": claimed,
        }


def test_a_coordinator_counts_her_institution_alone_and_cannot_name_another(app):
    oracle = random_network(7)
    mine = db.session.query(Institution).filter_by(code="my0").one()
    viewer = make_user(role=Role.COORDINATOR, institution=mine)
    found = totals(viewer=viewer)
    assert found["students_trained"] == sum(oracle.count("students_trained", {"institution": "my0"})[:2])
    with pytest.raises(RecordNotFound):
        totals(viewer=viewer, institution="my1")
    with pytest.raises(RecordNotFound):
        totals(viewer=viewer, country="RW")


def test_a_network_without_anything_counts_zero(app):
    found = totals(year=2031)
    assert all(found[measure.key] == 0 for measure in MEASURES)
