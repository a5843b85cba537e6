"""The demo's follow-up: partner certificates, histories with changes, and who wants the weekly mail."""

from datetime import date

from gdt import audit
from gdt.access import Viewer
from gdt.certification.membership.certifying import assess_partner, issue_partner_certificates
from gdt.database import db
from gdt.demo.accounts import find_users
from gdt.impact.digest_models import DigestSubscription
from gdt.partners.models import Institution
from gdt.partners.services import put_right
from gdt.training.models import Cohort

CERTIFIED = ("utar", "inti")
SUBSCRIBED = ("coordinator@utar.example", "officer@gdt.example", "teacher@utar.example")
FACTS = ("name", "native_name", "kind", "city", "website", "joined_on", "closed_on")


def add_follow_up(officer: Viewer, today: date) -> None:
    """Write what is not there yet; doing it again changes nothing."""
    _certify(officer, today)
    users = {user.email: user for user in find_users()}
    wanted = {one.user_id for one in db.session.query(DigestSubscription)}
    for email in SUBSCRIBED:
        if users[email].id not in wanted:
            db.session.add(DigestSubscription(user_id=users[email].id))
    _correct(officer, users[SUBSCRIBED[0]])


def _certify(officer: Viewer, today: date) -> None:
    for institution in _institutions():
        if assess_partner(institution, today).is_ready:
            issue_partner_certificates(actor=officer, institution=institution, seen=1, issued_on=today)


def _institutions() -> list[Institution]:
    return db.session.query(Institution).filter(Institution.code.in_(CERTIFIED)).all()


def _correct(officer: Viewer, coordinator: Viewer) -> None:
    """An officer puts a website right, a coordinator the name of a term."""
    utar = next(one for one in _institutions() if one.code == "utar")
    facts = {name: getattr(utar, name) for name in FACTS} | {"website": "https://www.utar.edu.my"}
    put_right(viewer=officer, institution=utar, country_code=utar.country.code, **facts)
    cohort = db.session.query(Cohort).filter_by(institution_id=utar.id).order_by(Cohort.id.desc()).first()
    if cohort is not None and not cohort.term.endswith("evening"):
        cohort.term = f"{cohort.term}, evening"
        said = f"Corrected the cohort {cohort.code}."
        audit.record(coordinator, "corrected", cohort, said, institution_id=utar.id)
