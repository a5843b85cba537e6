"""The totals of a year in words, as the command line prints them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from gdt.filters import day, number
from gdt.impact.figures_page import scope_sentence
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
    if shares["verified"]:
        words.append(_("%(n)s recorded by name", n=number(shares["recorded"])))
        words.append(_("%(n)s in verified headcounts", n=number(shares["verified"])))
    if shares["claimed"]:
        words.append(_("%(n)s more claimed, not in the total", n=number(shares["claimed"])))
    return [str(word) for word in words]
