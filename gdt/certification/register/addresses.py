"""What the pages of the register read from their address: what the list is narrowed to, and may be."""

from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.certification.addresses import facet, today
from gdt.certification.models import CertificateKind, CertificateState
from gdt.certification.register.counting import Counts
from gdt.certification.register.queries import Term, Wanted
from gdt.certification.wording import KINDS, STATES, Group

TERMS = {
    Term.ENDING: lazy_gettext("Ends within 90 days"),
    Term.RENEWED: lazy_gettext("Renewed"),
}


def wanted_here() -> Wanted:
    """What the address narrows the register to; what cannot be understood narrows nothing."""
    asked = request.args
    return Wanted(
        day=today(),
        text=asked.get("q", "").strip(),
        kind=next((kind for kind in CertificateKind if kind.value == asked.get("kind")), None),
        state=next((state for state in CertificateState if state.value == asked.get("state")), None),
        term=next((term for term in Term if term.value == asked.get("term")), None),
        year=asked.get("year", type=_calendar_year),
        institution=asked.get("institution", "").strip().lower(),
    )


def _calendar_year(text: str) -> int:
    return date.fromisoformat(f"{text}-01-01").year


def register_facets(counts: Counts) -> list[Group]:
    kinds, states = counts.by_kind(), counts.by_state()
    terms, years = counts.by_term(), counts.by_year()
    groups = [
        facet(_("State"), "state", [(s.value, STATES[s][0], states[s]) for s in states]),
        facet(_("Term"), "term", [(t.value, TERMS[t], count) for t, count in terms.items() if count]),
        facet(_("Kind"), "kind", [(k.value, KINDS[k], kinds[k]) for k in kinds]),
        facet(_("Year"), "year", [(str(year), str(year), count) for year, count in years.items()]),
        facet(_("Institution"), "institution", counts.by_institution()),
    ]
    return [group for group in groups if group.options]
