"""Headcounts: numbers a partner reports without names, claimed until the office verifies them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Institution
from gdt.training.headcount_queries import find_headcount
from gdt.training.models import Headcount, HeadcountMeasure
from gdt.training.queries import list_modules

FIRST_YEAR = 2017
MOST = 1_000_000  # people in one number


@dataclass(frozen=True)
class Claim:
    """What a partner says: so many people, for this module, year and measure, shown by this evidence."""

    module_id: int
    year: int
    measure: HeadcountMeasure
    people: int
    evidence: str


def report_headcount(*, actor: Viewer, institution: Institution, claim: Claim) -> Headcount:
    """Keep a claim; a second one for the same module, year and measure takes the place of the first.

    A verified number is not replaced by its reporter: the office has put its name to it.
    """
    module = next((m for m in list_modules() if m.id == claim.module_id), None)
    if module is None:
        raise DomainError(_("Choose a module."), "module")
    if not FIRST_YEAR <= claim.year <= now().year:
        raise DomainError(
            _("The programme began in %(first)s; give a year up to this one.", first=FIRST_YEAR), "year"
        )
    headcount = find_headcount(institution, claim.module_id, claim.year, claim.measure)
    if headcount is not None and headcount.verified_at is not None:
        raise DomainError(
            _(
                "The office has verified %(people)s for this already. Ask the office to change it.",
                people=headcount.people,
            ),
            "people",
        )
    before = headcount.people if headcount else None
    headcount = headcount or Headcount(
        institution=institution, module=module, year=claim.year, measure=claim.measure
    )
    headcount.people, headcount.evidence = claim.people, claim.evidence
    db.session.add(headcount)
    audit.record(
        actor,
        "reported",
        headcount,
        _("Reported a headcount of %(people)s.", people=claim.people),
        institution_id=institution.id,
        before=before,
    )
    return headcount


def verify_headcount(*, actor: Viewer, headcount: Headcount) -> Headcount:
    """The office puts its name to a claim; a second click changes nothing."""
    db.session.refresh(headcount, with_for_update={"of": Headcount})
    if headcount.verified_at is None:
        headcount.verified_at = now()
        headcount.verified_by_id, headcount.verified_by_name = actor.id, actor.name
        audit.record(
            actor,
            "verified",
            headcount,
            _("Verified the headcount of %(people)s.", people=headcount.people),
            institution_id=headcount.institution_id,
        )
    return headcount
