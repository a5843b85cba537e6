"""The list of institutions, the record of one, and its registration."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.database import db
from gdt.partners import services
from gdt.partners.listing import ORDERS, status_on
from gdt.partners.models import Agreement, AgreementKind, Country, Institution, InstitutionKind
from gdt.partners.queries import list_countries, list_regions
from gdt.spreadsheets.reading import read_table
from tests.browser import submit
from tests.factories import TODAY, make_agreement, make_country, make_institution, make_region
from tests.questions import count_questions

FACTS = {
    "code": "UTAR",
    "name": "Universiti Tunku Abdul Rahman",
    "native_name": "拉曼大学",
    "kind": "university",
    "country_code": "MY",
    "city": "Kampar",
    "website": "https://utar.edu.my",
    "joined_on": "2017-03-01",
}


@pytest.fixture
def reference(app):
    services.load_reference()
    db.session.commit()


def test_the_reference_has_the_programmes_regions_and_countries_and_loads_once(app):
    assert services.load_reference() == 21
    db.session.commit()
    assert services.load_reference() == 0
    assert [region.code for region in list_regions()] == [
        "asia-pacific",
        "latin-america",
        "africa",
        "central-asia",
    ]
    subregions = {country.code: country.m49_subregion for country in list_countries()}
    assert len(subregions) == 17
    assert (subregions["MY"], subregions["MX"], subregions["ET"], subregions["KZ"]) == (
        "035",
        "013",
        "014",
        "143",
    )


def test_the_reference_completes_what_is_there_already(app):
    make_country(code="MY", region=make_region())
    assert services.load_reference() == 19


def test_an_officer_registers_an_institution(officer, reference):
    answer = submit(officer, "/institutions/new", **FACTS)
    assert answer.status_code == 302
    page = officer.get(answer.location).text
    assert "Universiti Tunku Abdul Rahman" in page
    assert "拉曼大学" in page
    assert "Malaysia" in page
    assert "Applicant" in page
    assert db.session.scalars(select(AuditEvent.action)).all() == ["registered"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "utar", "name": "Other"}, "Another institution has this code"),
        ({"code": "other"}, "already registered"),
        ({"code": "new", "name": "Other"}, "used by the system"),
        ({"code": "a b", "name": "Other"}, "2 to 20 letters"),
        ({"code": "other", "name": "Other", "website": "javascript://x/%0aalert(1)"}, "whole address"),
        ({"code": "other", "name": "Ot\x00her"}, "cannot be seen"),
        ({"code": "other", "name": ""}, "Write the name"),
    ],
)
def test_a_wrong_registration_is_told_beside_the_field_and_keeps_the_typing(
    officer, reference, change, sentence
):
    submit(officer, "/institutions/new", **FACTS)
    answer = submit(officer, "/institutions/new", **FACTS | {"city": "Sungai Long"} | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Sungai Long"' in answer.text
    assert db.session.query(Institution).count() == 1


def test_an_officer_puts_the_facts_right(officer, reference):
    submit(officer, "/institutions/new", **FACTS)
    institution = db.session.query(Institution).one()
    changed = FACTS | {"city": "Sungai Long", "seen": services.state_of(institution)}
    answer = submit(officer, "/institutions/utar/edit", **changed)
    assert answer.status_code == 302
    db.session.expire_all()
    assert db.session.query(Institution).one().city == "Sungai Long"
    event = db.session.query(AuditEvent).filter_by(action="changed").one()
    assert event.details == {"changes": {"city": ["Kampar", "Sungai Long"]}}


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(officer, reference):
    submit(officer, "/institutions/new", **FACTS)
    seen = services.state_of(db.session.query(Institution).one())
    submit(officer, "/institutions/utar/edit", **FACTS | {"city": "Ipoh", "seen": seen})
    answer = submit(officer, "/institutions/utar/edit", **FACTS | {"city": "Perak", "seen": seen})
    assert answer.status_code == 422
    assert "Somebody else changed this institution" in answer.text
    assert 'value="Perak"' in answer.text
    db.session.expire_all()
    assert db.session.query(Institution).one().city == "Ipoh"


def test_a_coordinator_sees_her_own_institution_alone(sign_in):
    own, other = make_institution(code="utar"), make_institution(code="inti")
    coordinator = sign_in(Role.COORDINATOR, own)
    assert coordinator.get("/institutions/utar").status_code == 200
    assert coordinator.get("/institutions/inti").status_code == 404
    assert other.name not in coordinator.get("/institutions").text
    assert other.name not in coordinator.get("/institutions.csv").text
    assert coordinator.get("/institutions/utar/edit").status_code == 403
    assert coordinator.get("/institutions/new").status_code == 403


def test_a_coordinator_is_told_when_her_agreement_ends(sign_in):
    own = make_institution(code="utar")
    make_agreement(own, ends_on=TODAY + timedelta(days=30))
    page = sign_in(Role.COORDINATOR, own).get("/institutions/utar").text
    assert "has not been renewed" in page
    assert "agreements/new" not in page


def make_network():
    asia, africa = make_region(), make_region(code="africa", name="Africa", position=3)
    malaysia = make_country(code="MY", region=asia)
    rwanda = make_country(code="RW", region=africa, m49_subregion="014")
    utar = make_institution(code="utar", name="Universiti", country=malaysia, native_name="拉曼大学")
    make_agreement(utar)
    kigali = make_institution(
        code="kig", name="Academy", country=rwanda, kind=InstitutionKind.COLLEGE, joined_on=None
    )
    make_agreement(kigali, ends_on=TODAY - timedelta(days=300))
    return utar, kigali


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Universiti", "Academy"}),
        ("?q=UNIVERS", {"Universiti"}),
        ("?q=拉曼", {"Universiti"}),
        ("?q=kig", {"Academy"}),
        ("?region=africa", {"Academy"}),
        ("?country=MY", {"Universiti"}),
        ("?kind=college", {"Academy"}),
        ("?status=lapsed", {"Academy"}),
        ("?status=in+force", {"Universiti"}),
        ("?status=nonsense", set()),
        ("?kind=nonsense", set()),
        ("?q=%25", set()),
    ],
)
def test_the_list_is_narrowed_by_what_the_address_says(officer, query, found):
    make_network()
    page, file = officer.get("/institutions" + query), officer.get("/institutions.csv" + query)
    shown = {name for name in ("Universiti", "Academy") if f">{name}</a>" in page.text}
    assert shown == found
    assert {row.cells[1] for row in read_table(file.data, "list.csv").rows} == found


@pytest.mark.parametrize("sort", list(ORDERS))
def test_every_order_pages_through_all_institutions_once(officer, sort):
    make_network()
    names = [
        row.cells[1] for row in read_table(officer.get(f"/institutions.csv?sort={sort}").data, "a.csv").rows
    ]
    page = officer.get(f"/institutions?sort={sort}").text
    assert sorted(names) == ["Academy", "Universiti"]
    assert (page.index(">Academy</a>") < page.index(">Universiti</a>")) == (names[0] == "Academy")


def test_an_empty_network_says_how_to_begin(officer, leader):
    assert "Add an institution" in officer.get("/institutions").text
    assert "No institution yet" in leader.get("/institutions").text


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(officer):
    make_network()
    few = count_questions(lambda: officer.get("/institutions"))
    for n in range(20):
        make_agreement(make_institution(code=f"more{n}"))
    assert count_questions(lambda: officer.get("/institutions")) == few


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms=st.lists(st.tuples(st.integers(-900, 400), st.integers(0, 900)), max_size=4),
    closed=st.none() | st.integers(-2, 2),
)
def test_the_status_in_the_database_is_the_status_of_the_model(app, terms, closed):
    country = db.session.query(Country).first() or make_country()
    closed_on = None if closed is None else TODAY + timedelta(days=closed)
    institution = Institution(
        code="x", name="X", kind=InstitutionKind.COLLEGE, city="Y", country=country, closed_on=closed_on
    )
    for start, length in terms:
        starts_on = TODAY + timedelta(days=start)
        institution.agreements.append(
            Agreement(
                kind=AgreementKind.MEMORANDUM,
                signed_on=starts_on,
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=length),
                signatories="Both",
                teachers_target=0,
                students_target=0,
            )
        )
    db.session.add(institution)
    db.session.flush()
    told = db.session.scalar(select(status_on(TODAY)).where(Institution.id == institution.id))
    assert told == institution.status(TODAY).value
    db.session.rollback()


def test_the_list_of_a_whole_network_stays_a_light_page(officer, reference):
    for n, country in enumerate(list_countries() * 3):
        institution = make_institution(
            name=f"Universidad Tecnológica de la Montaña {n:02}", native_name="拉曼大学", country=country
        )
        make_agreement(institution)
    assert len(officer.get("/institutions").data) < 20 * 1024
