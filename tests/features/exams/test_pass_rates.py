"""Pass rates: the catalogue's own numbers, narrowed, with the sittings behind each."""

from datetime import timedelta
from decimal import Decimal

from gdt.access import OFFICE, Role
from gdt.database import db
from gdt.exams.models import Result, ResultOutcome
from gdt.exams.pass_rate_queries import By, WantedRates, get_rate, list_rates
from gdt.impact import queries as figures
from gdt.impact.measures import BY_KEY
from gdt.impact.scopes import Scope
from tests.browser import squeezed
from tests.factories import (
    TODAY,
    make_cohort,
    make_course,
    make_exam,
    make_institution,
    make_module,
    make_person,
    make_sitting,
)

DAY = TODAY.replace(month=1, day=2)


def sat(session, sitting, person, mark, attempt=1):
    outcome = ResultOutcome.ABSENT
    if mark is not None:
        outcome = ResultOutcome.PASSED if mark >= 60 else ResultOutcome.FAILED
    mark = None if mark is None else Decimal(mark)
    row = Result(sitting_id=sitting.id, exam_id=sitting.exam_id, person_id=person.id, attempt=attempt)
    row.mark, row.outcome = mark, outcome
    session.add(row)
    session.commit()


def test_rates_count_as_the_catalogue_does_and_open_to_their_sittings(app, leader, sign_in):
    retail, logistics = make_module(code="NR", title="New Retail"), make_module(code="SL", title="Logistics")
    home, away = make_institution(code="utar", name="UTAR"), make_institution(code="inti", name="INTI")
    both = make_exam(make_course(modules=[retail, logistics]), title="Both exam", code="both")
    one = make_exam(make_course(modules=[retail]), title="Retail exam", code="one")
    ana, ben, cyn = (make_person(printed_name=name) for name in ("Ana", "Ben", "Cyn"))
    first = make_sitting(make_cohort(home, course=both.course), both, held_on=DAY, code="s1")
    second = make_sitting(make_cohort(home, course=both.course), both, held_on=DAY + timedelta(1), code="s2")
    third = make_sitting(make_cohort(away, course=one.course), one, held_on=DAY, code="s3")
    older = make_sitting(make_cohort(away, course=one.course), one, held_on=DAY - timedelta(400), code="s4")
    sat(db.session, first, ana, 70)
    sat(db.session, first, ben, 40)
    sat(db.session, first, cyn, None)
    sat(db.session, second, ana, 80, attempt=2)  # passed twice counts once
    sat(db.session, second, ben, 65, attempt=2)
    sat(db.session, third, ana, 50)
    sat(db.session, older, ben, 90)

    year = WantedRates(year=DAY.year)
    lines = {by: {r.code: (r.taken, r.passed, r.absent) for r in list_rates(OFFICE, year, by)} for by in By}
    assert lines[By.EXAM] == {"both": (4, 2, 1), "one": (1, 0, 0)}
    assert lines[By.MODULE] == {"NR": (5, 2, 1), "SL": (4, 2, 1)}
    assert lines[By.INSTITUTION] == {"utar": (4, 2, 1), "inti": (1, 0, 0)}
    scopes = {
        WantedRates(): Scope(),
        year: Scope(year=DAY.year),
        WantedRates(year=DAY.year, institution="utar"): Scope(year=DAY.year, institution="utar"),
        WantedRates(module="SL"): Scope(module="SL"),
    }
    network = figures.load_network(OFFICE)
    for wanted, scope in scopes.items():
        scope = figures.get_scope(network, scope)
        found = figures.read_figures(OFFICE, network, scope)
        rate = get_rate(OFFICE, wanted)
        told = [found.of(BY_KEY[key], scope).total for key in ("exams_taken", "exams_passed")]
        assert [rate.taken, rate.passed] == told, scope

    page = squeezed(leader.get("/pass-rates").text)
    assert "40 % of 5 exams taken were passed" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Retail exam 1 0" in page
    assert "UTAR" in leader.get("/pass-rates?by=institution&year=all").text
    behind = leader.get("/pass-rates/sittings?exam=both").text
    assert "s1" in behind and "s2" in behind and "s3" not in behind
    partner = sign_in(Role.COORDINATOR, home)
    mine = squeezed(partner.get("/pass-rates").text)
    assert "Both exam" in mine and "1 0" not in mine
    assert "s3" not in partner.get("/pass-rates/sittings?year=all").text
    assert partner.get("/pass-rates?year=1&by=x&exam=nothing").status_code == 200
