"""Drawing the summaries of a closed year's countries and institutions, each once, from the published file."""

from collections.abc import Sequence
from typing import Any

from gdt import documents, jobs
from gdt.database import db, reading
from gdt.impact import closing_queries
from gdt.impact.annual_summary import draw_summary
from gdt.impact.cells import COUNTRY, INSTITUTION
from gdt.impact.closed_models import ClosedSummary, ClosedYear
from gdt.impact.frozen_figures import Facts
from gdt.impact.scopes import Scope
from gdt.impact.summarising import published_content
from gdt.jobs import JobState

FOLDER = "closed-years"
PORTION = 4
Place = tuple[int, str]


def places_of(facts: Facts) -> Sequence[Place]:
    """The countries and institutions of which the year says anything."""
    year = facts["year"]
    countries = {(COUNTRY, e["country"]) for e in facts["measures"] if e.get("country")}
    institutions = {(INSTITUTION, e["institution"]) for e in facts["measures"] if e.get("institution")}
    present = {(INSTITUTION, code) for at, code, _module in facts["presence"] if at == year}
    return sorted(countries | institutions | present)


def scope_of(place: Place) -> Scope:
    level, code = place
    return Scope(country=code) if level == COUNTRY else Scope(institution=code)


def _draw(closed_id: int) -> list[dict[str, Any]]:
    """Draw and store the next summaries before the transaction that notes them."""
    with reading():
        closed = db.session.get_one(ClosedYear, closed_id)
        facts = closing_queries.read_published(closed)
        done = closing_queries.drawn_places(closed)
        left = [place for place in places_of(facts) if place not in done]
        return [_drawn(facts, place) for place in left[:PORTION]]


def _drawn(facts: Facts, place: Place) -> dict[str, Any]:
    content = draw_summary(published_content(facts, scope_of(place)))
    key, sha256 = documents.keep(FOLDER, content, suffix=".pdf")
    of = {"level": place[0], "place_code": place[1]}
    return of | {"file_key": key, "file_sha256": sha256, "file_size": len(content)}


@jobs.job(ClosedYear, prepare=_draw)
def keep_summaries(closed: ClosedYear, drawn: list[dict[str, Any]]) -> None:
    """Note the summaries that were drawn; the work ends when there was nothing left to draw."""
    done = closing_queries.drawn_places(closed)
    for columns in drawn:
        if (columns["level"], columns["place_code"]) not in done:
            db.session.add(ClosedSummary(closed_year_id=closed.id, **columns))
    db.session.flush()
    closed.job_done = closing_queries.count_summaries(closed)
    if not drawn:
        closed.job_state = JobState.DONE
