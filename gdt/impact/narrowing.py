"""The filters of the figures as links: each choice is this page's own address with one value changed."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext

from gdt.errors import RecordNotFound
from gdt.filters import url_with
from gdt.impact.figures_page import label_of
from gdt.impact.genders import CHOICES
from gdt.impact.scopes import DIMENSIONS, Network, Scope, Value

YEAR = re.compile(r"[1-9][0-9]{0,3}")  # what the calendar holds
EVERY = {
    "year": lazy_gettext("All years"),
    "region": lazy_gettext("All regions"),
    "country": lazy_gettext("All countries"),
    "institution": lazy_gettext("All institutions"),
    "module": lazy_gettext("All modules"),
    "gender": lazy_gettext("All genders"),
}
LABELS = {
    "year": lazy_gettext("Year"),
    "region": lazy_gettext("Region"),
    "country": lazy_gettext("Country"),
    "institution": lazy_gettext("Institution"),
    "module": lazy_gettext("Module"),
    "gender": lazy_gettext("Gender"),
}
# A narrower place makes no sense without the wider one it stood in, nor a page of another list.
FORGOTTEN = {"region": ("country", "institution"), "country": ("institution",), "year": ("term",)}


@dataclass(frozen=True)
class Option:
    label: str
    url: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True)
class Group:
    label: str
    options: list[Option]


def scope_from(args: Any) -> Scope:
    """The scope an address asks for, codes in any case; raises RecordNotFound for a year that is none."""
    year = args.get("year") or None
    if year is not None and not YEAR.fullmatch(year):
        raise RecordNotFound
    return Scope(
        year=int(year) if year else None,
        region=(args.get("region") or "").lower() or None,
        country=(args.get("country") or "").upper() or None,
        institution=(args.get("institution") or "").lower() or None,
        module=args.get("module") or None,
        gender=(args.get("gender") or "").lower() or None,
    )


def rows_scope_from(args: Any) -> Scope:
    """The same for rows, which may be those of a term, such as 2026-s1: it says the year, too."""
    scope = scope_from(args).but(term=args.get("term") or None)
    return scope.but(year=scope.period.year) if scope.period else scope


def groups(network: Network, scope: Scope, years: list[int], today: date) -> list[Group]:
    """The choices in each dimension that offers one."""
    places = network.places(scope.but(country=None, institution=None))
    within_country = network.places(scope.but(institution=None)) if scope.country else []
    offered: dict[str, list[Value]] = {
        "year": sorted({*years, today.year}, reverse=True),
        "region": [region.code for region in network.regions],
        "country": sorted(
            {place.country for place in places}, key=lambda code: label_of(network, "country", code)
        ),
        "institution": [place.code for place in within_country],
        "module": [module.code for module in network.modules.values()],
        "gender": list(CHOICES) if network.sees_people else [],
    }
    if len(network.institutions) == 1:  # a partner's people have but one place
        offered = {name: values for name, values in offered.items() if name in ("year", "module", "gender")}
    return [
        Group(str(LABELS[name]), _options(network, scope, name, values))
        for name, values in offered.items()
        if len(values) > 1
    ]


def _options(network: Network, scope: Scope, name: str, values: list[Value]) -> list[Option]:
    current = getattr(scope, name)
    every = [Option(str(EVERY[name]), _changed(name, None), current is None)]
    if name == "region" and network.is_part:
        every = []
    return [
        *every,
        *(Option(label_of(network, name, v), _changed(name, v), current == v) for v in values),
    ]


def chosen(network: Network, scope: Scope) -> list[Option]:
    """Each choice made, with the link that takes it off."""
    found = scope.chosen()
    return [
        Option(label_of(network, name, found[name]), _changed(name, None), True)
        for name in (*DIMENSIONS, "term")
        if name in found and not (name == "region" and network.is_part)
    ]


def _changed(name: str, value: Value | None) -> str:
    """Said from this page on, which makes a page of fifty choices lighter."""
    forgotten = dict.fromkeys((*FORGOTTEN.get(name, ()), "after", "first"))
    page, mark, query = url_with(**forgotten, **{name: value}).partition("?")
    return mark + query if mark else page
