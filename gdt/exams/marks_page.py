"""A page of marks as it was typed, and what it amounts to before anything of it is kept."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.columns import unprintable
from gdt.errors import DomainError
from gdt.exams.grading import ABSENT, ExamRule, understand_mark
from gdt.exams.moderation import Marking

MAX_REASON = 500


@dataclass(frozen=True)
class Entry:
    """What was typed for one person; `seen` is the value the form was drawn with, "" for none."""

    mark: str = ""
    is_absent: bool = False
    reason: str = ""
    seen: str = ""

    @property
    def wanted(self) -> str:
        return ABSENT if self.is_absent else self.mark

    @property
    def is_untouched(self) -> bool:
        return self.wanted == self.seen and not (self.is_absent and self.mark)


class Problem(NamedTuple):
    sentence: str
    needs_reason: bool = False


class MarksRefused(DomainError):
    """Nothing of the page was kept; `problems` says why, by person."""

    def __init__(self, problems: dict[int, Problem]) -> None:
        super().__init__(
            ngettext("%(num)s row needs you.", "%(num)s rows need you.", len(problems))
            + " "
            + _("Nothing of this page has been kept yet.")
        )
        self.problems = problems


@dataclass
class Page:
    """What a page of marks amounts to: results, corrections, and marks that do not stand yet."""

    new: dict[int, Decimal | None] = field(default_factory=dict)
    changed: dict[int, tuple[Decimal | None, str]] = field(default_factory=dict)
    marked: dict[int, Marking] = field(default_factory=dict)
    problems: dict[int, Problem] = field(default_factory=dict)


class Recorded(NamedTuple):
    """How many results are new, how many were corrected, and how many marks do not stand yet."""

    new: int
    corrected: int
    waiting: int = 0
    differing: int = 0


def understand(entry: Entry, rule: ExamRule) -> tuple[Decimal | None, str | None]:
    """The mark that was typed and what is wrong with it; no mark and nothing wrong means absent."""
    if entry.is_absent and entry.mark and entry.mark != entry.seen:
        return None, _("Has a mark and is ticked as absent. Take one of the two away.")
    if not entry.wanted:
        return None, _("Already has %(mark)s. A result can be corrected, not emptied.", mark=entry.seen)
    return understand_mark(entry.wanted, rule)


def overtaken(now_has: str) -> str:
    return str(
        _(
            "Somebody else kept %(mark)s here while you were typing. "
            "Put that back, or write why yours is right and save again.",
            mark=now_has,
        )
    )


def reason_problem(reason: str, now_has: str) -> str | None:
    if not reason.strip():
        return str(_("Already has %(mark)s. Write why it changes.", mark=now_has))
    if len(reason) > MAX_REASON or unprintable(reason):
        return str(_("Write the reason in one short line of plain text."))
    return None
