"""Who invites whom: nobody gives a role, an institution or a region that is not hers to give."""

import re

import pytest

from gdt.access import OFFICE, PROGRAMME_WIDE, Permission, Role, may, within
from gdt.accounts.giving import require_may_give
from gdt.database import db
from gdt.errors import DomainError
from gdt.partners.models import Institution
from tests.browser import submit
from tests.factories import make_country, make_institution, make_region, make_user
from tests.features.accounts.test_accounts import user_of


@pytest.fixture
def two_regions(app):
    """An institution in each of two regions."""
    asia, africa = make_region(), make_region(code="africa", name="Africa", position=2)
    rwanda = make_country(code="RW", m49_subregion="014", region=africa)
    return make_institution(code="utar", country=make_country(region=asia)), make_institution(
        code="kigali", country=rwanda
    )


def invite(browser, **typed):
    usual = {"name": "New", "email": "new@utar.example", "role": "coordinator", "institution": "utar"}
    return submit(browser, "/users/invite", **(usual | typed))


def test_a_coordinator_invites_colleagues_of_her_own_institution_only(app, two_regions, sign_in):
    utar, kigali = two_regions
    browser = sign_in(Role.COORDINATOR, utar, email="mine@utar.example")
    theirs = make_user(role=Role.COORDINATOR, institution=kigali, name="Uwase")
    office = make_user(role=Role.OFFICER, name="Lin")
    for wrong in (
        {"role": "officer"},
        {"role": "administrator", "institution": ""},
        {"institution": "kigali"},
    ):
        assert invite(browser, **wrong).status_code == 422
    assert invite(browser, regions="africa").status_code == 302
    new = user_of("new@utar.example")
    assert (new.role, new.institution.code, new.region_ids) == (Role.COORDINATOR, "utar", ())
    listed = browser.get("/users").text
    assert "new@utar.example" in listed
    assert "Uwase" not in listed
    assert "Lin" not in listed
    for stranger in (theirs, office):
        assert browser.get(f"/users/{stranger.id}").status_code == 404
    assert browser.get(f"/users/{new.id}/role").status_code == 403


def test_an_open_invitation_is_sent_again_or_withdrawn_and_stands_again(app, client, two_regions, sign_in):
    outbox = app.extensions["mailman"].outbox = []
    browser = sign_in(Role.COORDINATOR, two_regions[0], email="mine@utar.example")
    invite(browser)
    new_id = user_of("new@utar.example").id
    page = f"/users/{new_id}"
    assert "works until" in browser.get(page).text
    submit(browser, f"{page}/invite-again", page=page)
    first, second = (re.search(r"/invitation/\S+", message.body).group(0) for message in outbox)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    submit(browser, f"{page}/withdraw", page=page)
    assert client.get(second).status_code == 404
    assert "invitation withdrawn" in browser.get(page).text
    submit(browser, f"{page}/invite-again", page=page)
    third = re.search(r"/invitation/\S+", outbox[-1].body).group(0)
    assert submit(client, third, password="four other short words").status_code == 302
    assert submit(browser, f"{page}/invite-again", page="/users/invite").status_code == 422
    assert user_of("new@utar.example").state == "active"


def test_an_officer_of_a_region_invites_coordinators_of_it_and_registers_nothing_elsewhere(
    app, two_regions, sign_in
):
    utar, _kigali = two_regions
    browser = sign_in(Role.OFFICER, regions=[utar.country.region])
    assert invite(browser, institution="kigali").status_code == 422
    assert invite(browser, role="officer", institution="").status_code == 422
    assert invite(browser).status_code == 302
    typed = {"code": "ines", "name": "INES", "kind": "university", "country_code": "RW", "city": "Musanze"}
    answer = submit(browser, "/institutions/new", **typed)
    assert (answer.status_code, "none of your regions" in answer.text) == (422, True)
    assert submit(browser, "/institutions/new", **typed | {"country_code": "MY"}).status_code == 302


def test_an_administrator_limits_an_officer_from_the_next_request_on(
    app, administrator, two_regions, sign_in
):
    theirs = sign_in(Role.OFFICER, email="o@gdt.example")
    assert theirs.get("/institutions/kigali").status_code == 200
    user = user_of("o@gdt.example")
    role = f"/users/{user.id}/role"
    refused = submit(administrator, role, name="O", role="leader", institution="", regions="africa")
    assert (refused.status_code, "Only a programme officer" in refused.text) == (422, True)
    submit(administrator, role, name="O", role="officer", institution="", regions="asia-pacific")
    assert theirs.get("/institutions/kigali").status_code == 404
    assert theirs.get("/institutions/utar").status_code == 200
    assert theirs.get("/trail").status_code == 403
    assert "Asia-Pacific" in administrator.get("/users").text


def test_regions_narrow_what_an_officer_sees_and_take_away_what_is_for_the_whole(app, two_regions):
    utar, _kigali = two_regions
    limited = make_user(role=Role.OFFICER, regions=[utar.country.region])
    seen = db.session.query(Institution.code).filter(within(limited, Institution.id)).all()
    assert [row[0] for row in seen] == ["utar"]
    assert {one for one in Permission if may(make_user(), one) and not may(limited, one)} == PROGRAMME_WIDE
    assert make_user(role=Role.LEADER, regions=[utar.country.region]).region_ids == ()
    assert db.session.query(Institution).filter(within(OFFICE, Institution.id)).count() == 2


@pytest.mark.parametrize(
    ("giver", "role"),
    [
        (Role.COORDINATOR, Role.OFFICER),
        (Role.OFFICER, Role.OFFICER),
        (Role.OFFICER, Role.ADMINISTRATOR),
        (Role.LEADER, Role.COORDINATOR),
    ],
)
def test_the_service_itself_refuses_to_give_what_is_not_hers(app, giver, role):
    with pytest.raises(DomainError):
        require_may_give(make_user(role=giver), role, None)
