"""What an annual summary says of any place: as it was published for a closed year, else as of now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from gdt.access import OFFICE, Viewer, sees_all
from gdt.impact import closing_queries
from gdt.impact.cells import NETWORK
from gdt.impact.figures_page import label_of
from gdt.impact.frozen_figures import Facts, thaw
from gdt.impact.gender_splits import from_rows, publishable_splits, splits_at
from gdt.impact.goals import WITH_TARGETS, Goals, Source
from gdt.impact.measures import BY_KEY, MEASURES
from gdt.impact.queries import get_scope, load_network, read_figures, today
from gdt.impact.report_standing import read_reports, standing_in
from gdt.impact.restating import Restatement, of_places, restatements
from gdt.impact.scopes import EVERYWHERE, Network, Scope
from gdt.impact.stories import Honour, Story, honours_from, read_honours, read_stories, stories_from, told
from gdt.impact.summary_content import RestatedNote, SummaryContent, YearTarget, check_has_numbers
from gdt.impact.tallies import Figures
from gdt.impact.target_queries import read_goals
from gdt.impact.years_as_published import as_published, said_in, said_in_file


def summary_content(year: int, home: Scope = EVERYWHERE, viewer: Viewer = OFFICE) -> SummaryContent:
    """A year's numbers; raises DomainError for a year with nothing to show, RecordNotFound for a wrong place.

    A closed year says what was published, and nothing later.
    """
    network = load_network(viewer)
    get_scope(network, home)
    closed = closing_queries.find_closed(year)
    if closed is not None:
        return published_content(closing_queries.read_published(closed), home)
    figures = read_figures(viewer, network, home)
    check_has_numbers(figures, home, year)
    targets = list(year_targets(read_goals(viewer, network), figures, home, year))
    changed = list_restated(year)
    restated = notes_within(list_notes(changed), home, network)
    splits = splits_at(publishable_splits(_of_all(figures, viewer), year), home)
    figures = as_published(figures, said_in(changed))
    reports = standing_in(read_reports(year), _codes_in(network, home))
    content = SummaryContent(year, today(), figures, home, False, targets, restated, splits, reports)
    return _with_stories(content, read_stories(year), read_honours(year))


def _codes_in(network: Network, home: Scope) -> set[str] | None:
    """The institutions of a place; None for all."""
    return None if home == EVERYWHERE else {place.code for place in network.places(home)}


def _of_all(figures: Figures, viewer: Viewer) -> Figures:
    """The whole network's figures, which a document's splits are told from, whoever asks for it."""
    if sees_all(viewer) and figures.home == (NETWORK, 0):
        return figures
    return read_figures(OFFICE, load_network(OFFICE), EVERYWHERE)


def published_content(facts: Facts, home: Scope) -> SummaryContent:
    """What the file of a closed year says of a place; raises DomainError where it says nothing."""
    figures, year = thaw(facts), int(facts["year"])
    check_has_numbers(figures, home, year)
    targets = [
        YearTarget(t["measure"], t["year"], t["target"], t["source"], t["reached"])
        for t in facts["targets"]
        if {name: t[name] for name in ("country", "institution") if name in t} == home.chosen()
    ]
    notes = [(Scope(**note["scope"]), RestatedNote(**note["note"])) for note in facts["restatements"]]
    restated = notes_within(notes, home, figures.network)
    as_of = date.fromisoformat(facts["closed_on"])
    figures = as_published(figures, said_in_file(facts.get("years_before", ())))
    splits = from_rows(facts.get("genders", ()), home)
    said = facts.get("reports")
    reports = None if said is None else standing_in(said, _codes_in(figures.network, home))
    content = SummaryContent(year, as_of, figures, home, True, targets, restated, splits, reports)
    found = stories_from(facts.get("stories", ())), honours_from(facts.get("honours", ()))
    return _with_stories(content, *found)


def _with_stories(
    content: SummaryContent, stories: Sequence[Story], honours: Sequence[Honour]
) -> SummaryContent:
    """The content with what is told of its place: up to three stories, and its awards."""
    codes = _codes_in(content.figures.network, content.home)
    mine = [one for one in honours if codes is None or one.institution in codes]
    return replace(content, stories=told(stories, codes), honours=mine)


def places_with_summary(content: SummaryContent) -> list[tuple[Scope, str]]:
    """The countries and institutions within the summary's place that have numbers, each with its name."""
    found = []
    for dimension in ("country", "institution"):
        codes = {
            code for measure in MEASURES for code in content.figures.by(measure, dimension, content.scope)
        }
        named = sorted((label_of(content.figures.network, dimension, code), str(code)) for code in codes)
        found += [(EVERYWHERE.but(**{dimension: code}), name) for name, code in named]
    return [(scope, name) for scope, name in found if not content.home.institution or scope.institution]


def year_targets(goals: Goals, figures: Figures, home: Scope, year: int) -> Iterator[YearTarget]:
    """The targets of a place for a year, with what was reached, and for the next."""
    for of_year in (year, year + 1):
        for key in WITH_TARGETS:
            scope = home.but(year=of_year)
            goal = goals.of(key, scope)
            if goal is not None and goal.number:
                reached = figures.of(BY_KEY[key], scope).total if of_year == year else None
                yield YearTarget(key, of_year, goal.number, Source(goal.source).value, reached)


def list_restated(before: int) -> list[Restatement]:
    """What differs today of the years that were published before this one, by module too."""
    earlier = [closed for closed in closing_queries.list_closed() if closed.year < before]
    if not earlier:
        return []
    figures, found = read_figures(OFFICE, load_network(OFFICE), EVERYWHERE), []
    for closed in earlier:
        found += restatements(closed, closing_queries.read_published(closed), figures)
    return found


def list_notes(restated: Sequence[Restatement]) -> list[tuple[Scope, RestatedNote]]:
    """The same in words, for all modules together."""
    network = load_network(OFFICE) if restated else None
    return [(one.scope.but(year=None), note_of(one, network)) for one in of_places(restated) if network]


def note_of(one: Restatement, network: Network) -> RestatedNote:
    place = label_of(network, one.dimension, one.place_code) if one.dimension else ""
    reasons = [*one.reasons, *([_("a part has no reason yet")] if one.is_open and one.reasons else [])]
    year, why = one.scope.year or 0, "; ".join(reasons)
    return RestatedNote(year, one.measure.key, place, one.published.total, one.now.total, why)


def notes_within(
    notes: Iterable[tuple[Scope, RestatedNote]], home: Scope, network: Network
) -> Sequence[RestatedNote]:
    """Those of a place itself and of the institutions in it; the network's are all."""
    if home == EVERYWHERE:
        return [note for _scope, note in notes]
    inside = {place.code for place in network.places(home)}
    return [note for scope, note in notes if scope == home or scope.institution in inside]
