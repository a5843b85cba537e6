"""Closing a year: its figures are looked at, published once, sealed in the log, and never changed again."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit, documents, jobs
from gdt.access import OFFICE, Viewer
from gdt.certification.log.publication_models import LogPublication
from gdt.certification.log.writing import record_published
from gdt.database import db
from gdt.errors import DomainError
from gdt.filters import day
from gdt.impact import closing_queries
from gdt.impact.annual_summary import draw_summary
from gdt.impact.closed_models import ClosedYear
from gdt.impact.closing_drawing import DESIGN, FOLDER, places_of
from gdt.impact.frozen_figures import Facts, as_file, fingerprint
from gdt.impact.queries import today
from gdt.impact.report_standing import read_reports
from gdt.impact.scopes import EVERYWHERE, Network, Scope
from gdt.impact.stories import as_rows, read_honours, read_stories
from gdt.impact.summarising import list_notes, list_restated, published_content, year_targets
from gdt.impact.summary_content import SummaryContent, check_has_numbers
from gdt.impact.tallies import Figures
from gdt.impact.target_queries import read_goals
from gdt.impact.years_as_published import said_as_rows


@dataclass(frozen=True)
class Preview:
    """What closing would publish, and the fingerprint by which to tell whether it still would."""

    content: SummaryContent
    facts: Facts
    seen: str


def check_can_close(year: int) -> None:
    """Raises DomainError for a year that is closed, has not begun, or is not over."""
    closed = closing_queries.find_closed(year)
    if closed is not None:
        raise _closed_already(closed)
    if year > today().year:
        raise DomainError(_("%(year)s has not begun. Only a year that is over can be closed.", year=year))
    if year == today().year:
        raise DomainError(
            _("%(year)s is not over. It can be closed from 1 Jan %(next)s.", year=year, next=year + 1)
        )


def preview_closing(year: int) -> Preview:
    """Read what closing a year would publish; raises DomainError where it cannot be closed."""
    check_can_close(year)
    figures, facts = closing_queries.read_figures_to_freeze(year)
    check_has_numbers(figures, EVERYWHERE, year)
    facts["targets"] = list(_targets(figures, year))
    restated = list_restated(year)
    facts["restatements"] = [
        {"scope": scope.chosen(), "note": asdict(note)} for scope, note in list_notes(restated)
    ]
    facts["years_before"] = said_as_rows(restated)
    facts["stories"], facts["honours"] = as_rows(read_stories(year)), as_rows(read_honours(year))
    facts["reports"] = read_reports(year)
    seen = fingerprint(facts)
    facts["closed_on"] = today().isoformat()
    return Preview(published_content(facts, EVERYWHERE), facts, seen)


def close_year(*, actor: Viewer, year: int, seen: str) -> ClosedYear:
    """Publish a year once and for all. `seen` is the fingerprint of the preview that was looked at.

    Raises DomainError where it cannot be closed, somebody else was first, or the figures changed meanwhile.
    """
    preview = preview_closing(year)
    if preview.seen != seen:
        raise DomainError(
            _("The figures have changed since you looked. Read them again, then publish what you have read.")
        )
    publication = _publication(preview)
    closed = ClosedYear(year=year, closed_by_name=actor.name, publication=publication)
    closed.job_total = len(places_of(preview.facts))
    try:
        with db.session.begin_nested():
            record_published(publication)
            db.session.add(closed)
            db.session.flush()
    except IntegrityError as error:
        raise _closed_already(closing_queries.get_closed(year)) from error
    summary = _("Closed %(year)s: its figures are published and sealed in the log.", year=year)
    audit.record(actor, "closed", closed, summary, figures=publication.facts_sha256)
    jobs.start(closed, wait_seconds=1.5)
    return closed


def _publication(preview: Preview) -> LogPublication:
    """Store the file of figures and the network's summary drawn from it."""
    facts_key, facts_sha256 = documents.keep(FOLDER, as_file(preview.facts), suffix=".json")
    drawn = draw_summary(preview.content)
    file_key, file_sha256 = documents.keep(FOLDER, drawn, suffix=".pdf")
    return LogPublication(
        number=f"GDT-SUMMARY-{preview.content.year}",
        design=DESIGN,
        file_key=file_key,
        file_sha256=file_sha256,
        file_size=len(drawn),
        facts_key=facts_key,
        facts_sha256=facts_sha256,
    )


def _closed_already(closed: ClosedYear) -> DomainError:
    return DomainError(
        _(
            "%(year)s was closed by %(name)s on %(day)s. What is published does not change any more.",
            year=closed.year,
            name=closed.closed_by_name,
            day=day(closed.closed_at.date()),
        )
    )


def _targets(figures: Figures, year: int) -> Iterator[dict[str, object]]:
    goals = read_goals(OFFICE, figures.network)
    for home in _homes(figures.network):
        for target in year_targets(goals, figures, home, year):
            yield home.chosen() | asdict(target)


def _homes(network: Network) -> Iterator[Scope]:
    yield EVERYWHERE
    for country in sorted({place.country for place in network.institutions.values()}):
        yield Scope(country=country)
    for place in network.institutions.values():
        yield Scope(institution=place.code)
