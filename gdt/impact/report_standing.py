"""How institutions' reports of a year stand when it is closed: registered by the feature that holds them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import lazy_gettext

from gdt.impact.period_words import period_label
from gdt.impact.periods import Period, period_at

NOT_ASKED = "not asked"


class OpenReport(NamedTuple):
    """A report that is not approved (its state says how), or has findings nobody looked at.

    `term` is the code of the part of the year it is of, "" for the year.
    """

    institution: str
    state: str
    findings: int
    term: str = ""

    @property
    def period(self) -> Period | None:
        return period_at(self.term) if self.term else None

    @property
    def words(self) -> str:
        """How it stands, and of which part of the year."""
        state = str(WORDS[self.state])
        return f"{period_label(self.period)}: {state}" if self.period else state


WORDS: dict[str, Any] = {
    "open": lazy_gettext("not submitted"),
    "submitted": lazy_gettext("submitted, not approved"),
    "queried": lazy_gettext("asked back, not answered"),
    "correcting": lazy_gettext("being corrected"),
    "approved": lazy_gettext("approved"),
    NOT_ASKED: lazy_gettext("no report was asked for"),
}


@dataclass(frozen=True)
class Standing:
    """How many reports were asked for, and those that are open; 0: no round was held.

    Where an institution reports terms, the days of the year in none of them stand among the open ones.
    """

    asked: int = 0
    open: tuple[OpenReport, ...] = ()

    @property
    def findings(self) -> int:
        return sum(report.findings for report in self.open)

    def unapproved(self) -> list[OpenReport]:
        return [report for report in self.open if report.state not in ("approved", NOT_ASKED)]

    def not_asked(self) -> list[OpenReport]:
        return [report for report in self.open if report.state == NOT_ASKED]


StandingOf = Callable[[int], Iterable[OpenReport]]
_readers: list[StandingOf] = []


def standing_of(reader: StandingOf) -> StandingOf:
    """Register what reads the reports of a year."""
    _readers.append(reader)
    return reader


def read_reports(year: int) -> list[list[Any]]:
    """Every report of a year as the file of a closed year keeps it; that of a whole year names no term."""
    found = sorted(report for read in _readers for report in read(year))
    return [list(report if report.term else report[:3]) for report in found]


def standing_in(rows: Collection[Any], institutions: Collection[str] | None) -> Standing:
    """How those of some institutions stand (None: of all)."""
    reports = [OpenReport(*row) for row in rows]
    mine = [report for report in reports if institutions is None or report.institution in institutions]
    still = tuple(report for report in mine if report.state != "approved" or report.findings)
    return Standing(sum(report.state != NOT_ASKED for report in mine), still)
