"""Who hears of an award by mail, when, and only once."""

from datetime import timedelta

from gdt.access import Role
from gdt.database import db, now
from gdt.recognition.services import take_back
from gdt.recognition.stages import NominationState
from gdt.recognition.telling import tell_of
from tests.factories import (
    TODAY,
    make_award_call,
    make_institution,
    make_nomination,
    make_person,
    make_user,
)

GIVEN_ON = TODAY + timedelta(days=3)


def mails(app):
    taken = [(mail.to[0], mail.subject) for mail in app.extensions["mailman"].outbox]
    app.extensions["mailman"].outbox.clear()
    return sorted(taken)


def decided(state):
    officer = make_user()
    facts = {"decided_by_id": officer.id, "decided_by_name": officer.name, "decided_at": now()}
    return facts | {"state": state, "reason": "The points."}


def test_winners_hear_when_the_award_is_public_and_the_others_when_all_is_decided_each_once(app):
    utar, inti = make_institution(name="UTAR"), make_institution(name="INTI")
    lee, ong = (
        make_user(role=Role.COORDINATOR, institution=place, email=address, name=address)
        for place, address in ((utar, "lee@utar.example"), (inti, "ong@inti.example"))
    )
    call = make_award_call(closes_on=TODAY - timedelta(days=2))
    gives = decided(NominationState.GIVEN) | {"given_on": GIVEN_ON, "citation": "For all of it."}
    tan = make_person(printed_name="Tan Mei Lin", email="tan@utar.example")
    make_nomination(call, utar, ong, nominee_kind="lecturer", person=tan, **gives)
    make_nomination(call, inti, ong, **decided(NominationState.PASSED_OVER))
    waiting = make_nomination(call, utar, lee, category=call.categories[1])
    app.extensions["mailman"].outbox = []

    assert tell_of(TODAY) == 0 and mails(app) == []  # not public yet
    assert tell_of(GIVEN_ON) == 1
    award = f"Academic excellence {call.year}"
    assert mails(app) == [
        ("lee@utar.example", f"The award {award} is yours"),
        ("ong@inti.example", f"Whom you nominated was given {award}"),
        ("tan@utar.example", f"The award {award} is yours"),
    ]
    assert tell_of(GIVEN_ON) == 0 and mails(app) == []

    passed_over, waiting = decided(NominationState.PASSED_OVER), db.session.merge(waiting)
    for name, value in passed_over.items():
        setattr(waiting, name, value)
    db.session.commit()
    assert tell_of(GIVEN_ON) == 2
    social = f"Your nomination for Social impact {call.year}"
    assert mails(app) == [("lee@utar.example", social), ("ong@inti.example", f"Your nomination for {award}")]
    assert tell_of(GIVEN_ON + timedelta(days=1)) == 0


def test_what_is_decided_late_is_news_from_then_on_and_what_is_entered_for_the_record_is_none(app):
    call, utar = make_award_call(closes_on=TODAY - timedelta(days=2)), make_institution()
    lee = make_user(role=Role.COORDINATOR, institution=utar, email="lee@utar.example")
    gives = decided(NominationState.GIVEN) | {"citation": "For all of it."}
    old = call.categories[1]
    make_nomination(call, utar, lee, **gives, given_on=TODAY - timedelta(days=45))
    make_nomination(call, utar, lee, category=old, **gives, given_on=TODAY - timedelta(days=400))
    passed = decided(NominationState.PASSED_OVER)
    make_nomination(call, make_institution(), lee, category=old, **passed)
    app.extensions["mailman"].outbox = []
    assert tell_of(TODAY) == 2
    assert [subject for _to, subject in mails(app)] == [
        f"The award Academic excellence {call.year} is yours",
        f"Your nomination for Social impact {call.year}",
    ]
    assert tell_of(TODAY) == 0


def test_a_decision_that_was_taken_back_and_made_again_is_told_again_and_an_old_one_never(app):
    call, utar = make_award_call(closes_on=TODAY - timedelta(days=2)), make_institution()
    lee = make_user(role=Role.COORDINATOR, institution=utar)
    gives = decided(NominationState.GIVEN) | {"given_on": TODAY, "citation": "For all of it."}
    nomination = make_nomination(call, utar, lee, **gives)
    assert tell_of(TODAY + timedelta(days=31)) == 0
    assert tell_of(TODAY) == 1
    nomination = db.session.merge(nomination)
    take_back(actor=lee, nomination=nomination)
    for name, value in (gives | {"decided_at": now() + timedelta(seconds=2)}).items():
        setattr(nomination, name, value)
    db.session.commit()
    assert tell_of(TODAY) == 1
