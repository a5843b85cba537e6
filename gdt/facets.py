"""Filters of a list as links in the address: groups of choices, and what the list is narrowed to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from gdt.filters import url_with


@dataclass(frozen=True)
class Option:
    """One choice: where it leads, whether the list is narrowed to it, and to how many rows."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Group:
    """The choices of one value of the address; the first is all of them."""

    label: str
    name: str
    options: Sequence[Option]


def facet(label: str, name: str, choices: Iterable[tuple[Any, Any, int | None]]) -> Group:
    """A group from (value, label, count or None); a value is what the address says after `name=`."""
    current = request.args.get(name, "")
    options = [Option(_("All"), url_with(**{name: None, "after": None}), not current)]
    options += [
        Option(str(text), url_with(**{name: value, "after": None}), current == str(value), count)
        for value, text, count in choices
    ]
    return Group(label, name, options)


def chosen(groups: Iterable[Group], *, search: str = "q") -> list[Option]:
    """What the list is narrowed to, each with the address that takes it off."""
    taken = []
    words = request.args.get(search, "").strip()
    if words:
        off = url_with(**{search: None, "after": None})
        taken.append(Option(_("“%(words)s”", words=words), off))
    for group in groups:
        off = url_with(**{group.name: None, "after": None})
        current = next((option for option in group.options[1:] if option.is_current), None)
        if current is not None:
            taken.append(Option(f"{group.label}: {current.label}", off))
    return taken
