"""Home pages: what needs doing, the late ones first, and what was done; only of what the person sees."""

from datetime import timedelta

from gdt.access import OFFICE, Role
from gdt.database import db, now, unit_of_work
from gdt.imports.models import Upload, UploadState
from gdt.partners.services import put_right
from tests.browser import squeezed
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_cohort,
    make_country,
    make_institution,
    make_person,
    make_qualification,
    make_region,
)

DAY = timedelta(days=1)


def handed_in(school, cohort, **columns):
    facts = {"filename": "roster.xlsx", "document_key": "none", "sha256": "0" * 64, "uploaded_at": now()}
    db.session.add(Upload(kind="roster", subject_id=cohort.id, institution=school, **facts | columns))
    db.session.commit()


def in_this_order(page, *sentences):
    places = [page.find(sentence) for sentence in sentences]
    return -1 not in places and places == sorted(places)


def test_a_coordinator_sees_what_waits_by_its_day_and_rows_left_behind_until_a_later_file_has_them(
    app, sign_in
):
    school, other = make_institution(code="utar"), make_institution(code="inti", name="INTI")
    make_agreement(school, ends_on=TODAY + 50 * DAY)
    teacher = make_person(printed_name="Tan Mei Lin")
    make_affiliation(teacher, school, role="teacher")
    cohort = make_cohort(school, term="Spring", starts_on=TODAY - 5 * DAY)
    qualified = make_qualification(teacher, cohort.modules[0], school, valid_until=TODAY + 30 * DAY)
    handed_in(school, cohort, state=UploadState.KEPT, rows_refused=12)
    handed_in(other, make_cohort(other), state=UploadState.KEPT, rows_refused=99)
    coordinator = sign_in(Role.COORDINATOR, school)
    page = squeezed(coordinator.get("/").text)
    assert in_this_order(
        page, "Late:", "1 teacher may soon teach", "Your agreement ends", "12 rows of roster"
    )
    assert "99 rows" not in page

    handed_in(school, cohort, state=UploadState.KEPT)
    days = {"valid_from": TODAY, "valid_until": qualified.valid_until + 900 * DAY}
    make_qualification(teacher, cohort.modules[0], school, **days)
    page = coordinator.get("/").text
    assert "12 rows" not in page and "may soon teach" not in page


def test_an_officer_sees_her_regions_and_an_administrator_who_has_not_come(app, sign_in, administrator):
    far = make_country(code="MX", region=make_region(code="latin-america", name="Latin America", position=2))
    near = make_institution(name="UTAR", country=make_country(region=make_region()))
    away = make_institution(name="Tecnológico", country=far)
    for place in (near, away):
        make_agreement(place, ends_on=TODAY + 20 * DAY)
        with unit_of_work():
            place = db.session.merge(place)
            facts = {"name": place.name, "city": "Elsewhere"}
            put_right(viewer=OFFICE, institution=place, country_code=place.country.code, **facts)
    limited, everywhere = sign_in(Role.OFFICER, regions=[near.country.region]), sign_in(Role.OFFICER)
    assert "Tecnológico" in everywhere.get("/").text
    page = squeezed(limited.get("/").text)
    assert "Tecnológico" not in page and "UTAR: The agreement is in force" in page
    assert "1 partner has an agreement in force and no certificate" in page
    assert "have not accepted their invitations yet" in administrator.get("/").text
