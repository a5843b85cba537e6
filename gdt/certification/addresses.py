"""What the pages about certificates read from their address, and how they answer with a file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from gdt.certification import register
from gdt.certification.eligibility import Finding
from gdt.certification.models import CertificateKind, CertificateState
from gdt.certification.register import Term, Wanted
from gdt.certification.wording import KINDS, STATES, TERMS, Group, Option
from gdt.database import now
from gdt.filters import url_with
from gdt.paging import Page

CHUNK = 1 << 16
ROWS = 20  # of a page, so that its markup stays light on a slow line


def today() -> date:
    return now().date()


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


def register_facets(wanted: Wanted) -> list[Group]:
    kinds = register.count_by_kind(current_user, wanted)
    states = register.count_by_state(current_user, wanted)
    terms = register.count_by_term(current_user, wanted)
    years = register.count_by_year(current_user, wanted)
    groups = [
        facet(_("State"), "state", [(s.value, STATES[s][0], states[s]) for s in states]),
        facet(_("Term"), "term", [(t.value, TERMS[t], count) for t, count in terms.items() if count]),
        facet(_("Kind"), "kind", [(k.value, KINDS[k], kinds[k]) for k in kinds]),
        facet(_("Year"), "year", [(str(year), str(year), count) for year, count in years.items()]),
        facet(_("Institution"), "institution", register.count_by_institution(current_user, wanted)),
    ]
    return [group for group in groups if group.options]


def facet(label: str, name: str, options: Iterable[tuple[str, Any, int]]) -> Group:
    """Links that narrow the list; the chosen one takes its own narrowing off again."""
    chosen = request.args.get(name, "")
    return Group(
        label,
        [
            Option(
                str(words),
                url_with(**{name: None if value == chosen else value, "after": None}),
                count,
                value == chosen,
            )
            for value, words, count in options
        ],
    )


def slice_here(findings: Sequence[Finding]) -> Page[Finding]:
    """A page of what is in memory anyway; the cursor is a position."""
    start = max(request.args.get("after", 0, type=int), 0)
    has_more = len(findings) > start + ROWS
    return Page(
        items=findings[start : start + ROWS],
        next_cursor=str(start + ROWS) if has_more else None,
        previous_cursor=str(max(start - ROWS, 0)) if start else None,
    )


def file_answer(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk
