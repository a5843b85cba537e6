"""Drawing the summaries of a closed year's countries and institutions, each once, from the published file."""

from collections.abc import Sequence
from typing import NamedTuple

from gdt import documents, jobs
from gdt.certification.issuing.sweeping import points_into
from gdt.certification.log.publication_models import LogPublication
from gdt.certification.log.writing import record_published
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
DESIGN = "annual-summary-1"
KINDS = {COUNTRY: "COUNTRY", INSTITUTION: "INSTITUTION"}
PORTION = 4
points_into(FOLDER, LogPublication.facts_key, LogPublication.file_key, ClosedSummary.file_key)
Place = tuple[int, str]


class Drawn(NamedTuple):
    """A summary in the document store."""

    place: Place
    file_key: str
    file_sha256: str
    file_size: int


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


def _draw(closed_id: int) -> list[Drawn]:
    """Draw and store the next summaries before the transaction that notes them."""
    with reading():
        closed = db.session.get_one(ClosedYear, closed_id)
        facts = closing_queries.read_published(closed)
        done = closing_queries.drawn_places(closed)
        left = [place for place in places_of(facts) if place not in done]
        return [_drawn(facts, place) for place in left[:PORTION]]


def _drawn(facts: Facts, place: Place) -> Drawn:
    content = draw_summary(published_content(facts, scope_of(place)))
    return Drawn(place, *documents.keep(FOLDER, content, suffix=".pdf"), len(content))


@jobs.job(ClosedYear, prepare=_draw)
def keep_summaries(closed: ClosedYear, drawn: list[Drawn]) -> None:
    """Seal the summaries that were drawn; the work ends when there was nothing left to draw."""
    done = closing_queries.drawn_places(closed)
    for one in drawn:
        if one.place not in done:
            _seal(closed, one)
    db.session.flush()
    closed.job_done = closing_queries.count_summaries(closed)
    if not drawn:
        closed.job_state = JobState.DONE


def _seal(closed: ClosedYear, drawn: Drawn) -> None:
    """Note a summary, and enter it into the log beside the file of figures it was drawn from."""
    level, code = drawn.place
    of_year = closed.publication
    file = {
        "file_key": drawn.file_key,
        "file_sha256": drawn.file_sha256,
        "file_size": drawn.file_size,
    }
    publication = LogPublication(
        number=f"{of_year.number}-{KINDS[level]}-{code.upper()}",
        design=DESIGN,
        facts_key=of_year.facts_key,
        facts_sha256=of_year.facts_sha256,
        **file,
    )
    record_published(publication)
    db.session.add(ClosedSummary(closed_year_id=closed.id, level=level, place_code=code, **file))
