"""The totals of a year, and what one number is made of, in words as the command line prints them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.filters import day, number
from gdt.impact.figures_page import label_of, scope_sentence
from gdt.impact.measures import MEASURES, Measure
from gdt.impact.scopes import Network, Scope


def tell(network: Network, scope: Scope, totals: Mapping[str, Any]) -> str:
    """A line for each measure: today's number and what it is made of, and what a closed year published."""
    published = totals.get("published")
    as_of = day(date.fromisoformat(totals["as_of"]))
    lines = [str(_("%(place)s, as of %(day)s", place=scope_sentence(network, scope), day=as_of))]
    if published:
        lines = [str(_("%(year)s is closed: what is published does not change.", year=scope.year)), *lines]
    name_width = max(len(str(measure.name)) for measure in MEASURES)
    for measure in (measure for measure in MEASURES if measure.key in totals):
        total = number(totals[measure.key])
        notes = [*_published(published, measure, totals), *_made_of(measure, totals)]
        lines.append(f"{measure.name!s:<{name_width}}  {total:>10}  {'; '.join(notes)}".rstrip())
    return "\n".join(lines)


def _published(published: Mapping[str, int] | None, measure: Measure, totals: Mapping[str, Any]) -> list[str]:
    if published is None:
        return []
    if published[measure.key] == totals[measure.key]:
        return [str(_("as published"))]
    return [str(_("published: %(n)s", n=number(published[measure.key])))]


def _made_of(measure: Measure, totals: Mapping[str, Any]) -> list[str]:
    shares = totals["shares"][measure.key]
    words = []
    if shares["verified"] and measure.headcount:
        words.append(_("%(n)s recorded by name", n=number(shares["recorded"])))
        words.append(_("%(n)s in verified headcounts", n=number(shares["verified"])))
    if shares["claimed"]:
        words.append(_("%(n)s more claimed, not in the total", n=number(shares["claimed"])))
    return [str(word) for word in words]


PARTS = {
    "year": lazy_gettext("by year"),
    "region": lazy_gettext("by region"),
    "country": lazy_gettext("by country"),
    "institution": lazy_gettext("by institution"),
    "module": lazy_gettext("by module"),
    "gender": lazy_gettext("by gender"),
}


def tell_explained(
    network: Network, scope: Scope, measure: Measure, explained: Mapping[str, Any]
) -> Iterator[str]:
    """One number, what it counts and its parts, a line each; a dimension that is chosen has no parts."""
    total, as_of = number(explained["total"]), day(date.fromisoformat(explained["as_of"]))
    yield f"{measure.name}: {total} {measure.unit}"
    yield str(_("%(place)s, as of %(day)s", place=scope_sentence(network, scope), day=as_of))
    if "published" in explained:
        yield str(_("published: %(n)s", n=number(explained["published"])))
    made_of = _made_of(measure, {"shares": {measure.key: explained}})
    if made_of:
        yield "; ".join(made_of)
    yield str(explained["definition"])
    yield str(_("The year is that of %(day)s.", day=explained["year_is_that_of"]))
    for dimension, parts in explained["parts"].items():
        told = [f"{label_of(network, dimension, value)} {number(n)}" for value, n in parts.items() if n]
        if told and dimension not in scope.chosen():
            yield f"{PARTS[dimension]}: {'; '.join(told)}"
