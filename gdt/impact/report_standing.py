"""How institutions' reports of a year stand when it is closed: registered by the feature that holds them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import lazy_gettext


class OpenReport(NamedTuple):
    """An institution whose report is not approved (its state says how), or has findings nobody looked at."""

    institution: str
    state: str
    findings: int


WORDS: dict[str, Any] = {
    "open": lazy_gettext("not submitted"),
    "submitted": lazy_gettext("submitted, not approved"),
    "queried": lazy_gettext("queried, not answered"),
    "correcting": lazy_gettext("being corrected"),
    "approved": lazy_gettext("approved"),
}


@dataclass(frozen=True)
class Standing:
    """How many reports were asked for, and those that are open; 0: no round was held."""

    asked: int = 0
    open: tuple[OpenReport, ...] = ()

    @property
    def findings(self) -> int:
        return sum(report.findings for report in self.open)

    def unapproved(self) -> list[OpenReport]:
        return [report for report in self.open if report.state != "approved"]


StandingOf = Callable[[int], Mapping[str, OpenReport]]
_readers: list[StandingOf] = []


def standing_of(reader: StandingOf) -> StandingOf:
    """Register what reads the reports of a year, each by its institution's code."""
    _readers.append(reader)
    return reader


def read_reports(year: int) -> list[list[Any]]:
    """Every report of a year as the file of a closed year keeps it."""
    found = (report for read in _readers for report in read(year).values())
    return [list(report) for report in sorted(found)]


def standing_in(rows: Collection[Any], institutions: Collection[str] | None) -> Standing:
    """How those of some institutions stand (None: of all)."""
    reports = [OpenReport(*row) for row in rows]
    mine = [report for report in reports if institutions is None or report.institution in institutions]
    still = tuple(report for report in mine if report.state != "approved" or report.findings)
    return Standing(len(mine), still)
