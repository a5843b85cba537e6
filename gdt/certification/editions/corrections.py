"""Corrections: which printed facts a next edition may say otherwise, and what the typed ones change.

What was earned stays: modules with their hours, mode and term. When one of those is wrong, the certificate
should not have been issued: it is revoked, the record put right, and what was really earned is certified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gdt.certification.drawing.documents import DATES
from gdt.forms import tidy

CORRECTABLE = ("printed_name", "native_name", "institution", "institution_native", "achievement", "place")
OF_THE_PERSON = ("printed_name", "native_name")

Changes = dict[str, tuple[str | None, str | None]]
"""Each fact that changes, as text before and after (dates as 2026-11-22); None is not printed."""


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """The facts as they should be printed; None leaves a fact as it stands, "" takes an optional one off.

    `corrects_record` says the person's own record holds the same mistake and is put right in the same act.
    """

    printed_name: str | None = None
    native_name: str | None = None
    institution: str | None = None
    institution_native: str | None = None
    achievement: str | None = None
    place: str | None = None
    held_from: date | None = None
    held_to: date | None = None
    corrects_record: bool = False

    def changes_to(self, facts: Mapping[str, Any]) -> Changes:
        """What differs from the frozen facts of a certificate."""
        found: Changes = {}
        for name in CORRECTABLE:
            typed, before = getattr(self, name), facts.get(name)
            if typed is not None and (after := _one_line(typed) or None) != before:
                found[name] = (before, after)
        for name in DATES:
            day, before = getattr(self, name), facts.get(name)
            if day is not None and before is not None and day.isoformat() != before:
                found[name] = (before, day.isoformat())
        return found


def after(changes: Changes) -> dict[str, str | None]:
    """The corrected facts alone."""
    return {name: pair[1] for name, pair in changes.items()}


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split())
