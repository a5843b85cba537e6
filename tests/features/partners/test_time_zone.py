"""An institution's own time zone, where its country keeps several, used wherever clocks are told."""

from datetime import UTC, datetime

from gdt.access import Role
from gdt.database import db
from gdt.events.models import EventSession
from gdt.partners.models import Institution
from gdt.training.meetings.queries import list_zones
from tests.browser import squeezed, submit
from tests.factories import (
    make_country,
    make_event,
    make_institution,
    make_participant,
    make_person,
    make_training,
)

FACTS = {"name": "Western Institute", "kind": "university", "country_code": "AU", "city": "Perth"}


def test_an_institution_reads_the_clock_of_the_zone_it_chose_until_it_moves(app, sign_in, officer):
    make_country(code="MY")
    school = make_institution(code="western", country=make_country(code="AU"), name="Western Institute")
    training = make_training(host=school)
    make_participant(training, make_person(), school)
    event = make_event(
        time_zone="UTC",
        starts_at=datetime(2027, 3, 1, 2, tzinfo=UTC),
        ends_at=datetime(2027, 3, 1, 6, tzinfo=UTC),
    )
    line = EventSession(event=event, starts_at=event.starts_at, ends_at=event.ends_at, title="Opening")
    db.session.add(line)
    db.session.commit()
    page, form = "/institutions/western", officer.get("/institutions/western/edit").text
    assert "Perth, UTC+08:00" in form and "The capital’s: Sydney, UTC+" in form
    assert submit(officer, f"{page}/edit", **seen(form), **FACTS, time_zone="Asia/Tokyo").status_code == 422
    chosen = submit(officer, f"{page}/edit", **seen(form), **FACTS, time_zone="Australia/Perth")
    assert chosen.status_code == 302
    shown = squeezed(officer.get(page).text)
    assert "Time zone Perth, UTC+08:00" in shown and "Time zone: nothing → now Perth" in shown
    db.session.rollback()
    assert list_zones(training) == ["Australia/Perth"]
    coordinator = sign_in(Role.COORDINATOR, db.session.get(Institution, school.id))
    assert "10:00" in coordinator.get(f"/events/{event.code}").text
    form = officer.get(f"{page}/edit").text
    moved = FACTS | {"country_code": "MY", "time_zone": "Australia/Perth"}
    assert submit(officer, f"{page}/edit", **seen(form), **moved).status_code == 302
    assert "Time zone" not in officer.get(f"{page}/edit").text
    db.session.rollback()
    assert db.session.get(Institution, school.id).zone == "Asia/Kuala_Lumpur"


def seen(form):
    """The mark of the facts that the page was drawn from."""
    return {"seen": form.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]}
