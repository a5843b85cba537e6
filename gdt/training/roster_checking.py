"""What a roster would do to a cohort: each row new, known, already there or refused, and why."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from flask_babel import gettext as _

from gdt.people.matching import Known, Match, chunks, find_matches
from gdt.people.models import AffiliationRole
from gdt.people.roster import RosterRow
from gdt.training.models import Cohort
from gdt.training.queries import list_member_ids, list_members_named

NameKey = tuple[str, str]
FILLABLE = ("native_name", "email", "gender", "own_number")


class RowState(StrEnum):
    NEW = "new"
    KNOWN = "known"
    ALREADY = "already"
    REFUSED = "refused"


class CheckedRow(NamedTuple):
    """A row of the file and what keeping it would do.

    `twin` counts the earlier rows of the same name: it tells apart people with neither number nor e-mail.
    """

    line: int
    printed_name: str
    native_name: str | None
    own_number: str | None
    email: str | None
    gender: str | None
    twin: int = 0
    state: str = RowState.NEW
    note: str = ""

    @property
    def is_identified(self) -> bool:
        return bool(self.own_number or self.email)


class Decided(NamedTuple):
    """A row with the person it is, where she is known, and what the register does not have of her yet."""

    row: CheckedRow
    known: Known | None
    adds: tuple[str, ...] = ()


@dataclass
class CheckedRoster:
    """A whole file as it was checked, kept as a document beside the file itself."""

    columns: dict[str, str]
    unknown_columns: list[str]
    rows: list[CheckedRow]
    additions: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def to_bytes(self) -> bytes:
        content = [self.columns, self.unknown_columns, self.additions, self.rows]
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "CheckedRoster":
        columns, unknown, additions, rows = json.loads(content)
        checked = [CheckedRow(*row) for row in rows]
        return cls(columns, unknown, checked, additions, Counter(row.state for row in checked))


def numbered(rows: Iterable[RosterRow]) -> list[CheckedRow]:
    """The rows with their twins counted, each still to be decided."""
    seen: Counter[NameKey] = Counter()
    found = []
    for row in rows:
        key = (row.printed_name, row.native_name or "")
        email = row.email.lower() if row.email else None
        found.append(CheckedRow(*row[:4], email, row.gender, seen[key]))
        seen[key] += 1
    return found


def check_roster(cohort: Cohort, rows: Sequence[CheckedRow]) -> list[Decided]:
    """Decide every row of a file; a second row about the same person is refused."""
    taken: dict[int, int] = {}
    decided = []
    for chunk in chunks(rows):
        for one in decide(cohort, chunk):
            decided.append(_refuse_second(one, taken))
    return decided


def _refuse_second(one: Decided, taken: dict[int, int]) -> Decided:
    if one.known is None or one.row.state == RowState.REFUSED or not one.row.is_identified:
        return one
    first = taken.setdefault(one.known.person_id, one.row.line)
    if first == one.row.line:
        return one
    reason = _("This is the same person as on line %(line)s. Delete one of the two rows.", line=first)
    return Decided(one.row._replace(state=RowState.REFUSED, note=reason), one.known)


def decide(cohort: Cohort, rows: Sequence[CheckedRow]) -> list[Decided]:
    """Decide a few hundred rows with a handful of queries."""
    matches = find_matches(cohort.institution_id, AffiliationRole.STUDENT, rows)
    known = {match.person.person_id for match in matches if match.person}
    members = list_member_ids(cohort, known)
    unnamed = {row.printed_name for row in rows if not row.is_identified}
    named = list_members_named(cohort, unnamed)
    return [_decide(row, match, members, named) for row, match in zip(rows, matches, strict=True)]


def _decide(row: CheckedRow, match: Match, members: set[int], named: dict[NameKey, list[Known]]) -> Decided:
    if match.is_conflict:
        return Decided(row._replace(state=RowState.REFUSED, note=_conflict(match)), None)
    if not row.is_identified:
        return _decide_by_place(row, named.get((row.printed_name, row.native_name or ""), []))
    if match.person is None:
        return Decided(_as_new(row), None)
    is_member = match.person.person_id in members
    adds = tuple(name for name in FILLABLE if getattr(row, name) and not getattr(match.person, name))
    state = RowState.ALREADY if is_member else RowState.KNOWN
    return Decided(row._replace(state=state, note=_note(row, match.person, adds)), match.person, adds)


def _as_new(row: CheckedRow) -> CheckedRow:
    return row if row.state == RowState.NEW else row._replace(state=RowState.NEW, note="")


def _decide_by_place(row: CheckedRow, namesakes: list[Known]) -> Decided:
    """A row with a name alone is never looked for in the register, only in this very cohort."""
    if row.twin >= len(namesakes):
        return Decided(_as_new(row), None)
    note = _("Someone of this name is in the cohort already; the row has no number or e-mail to tell more.")
    return Decided(row._replace(state=RowState.ALREADY, note=note), namesakes[row.twin])


def _conflict(match: Match) -> str:
    return str(
        _(
            "The number belongs to %(name)s, and the e-mail to someone else. Correct the one that is wrong.",
            name=match.by_number.printed_name if match.by_number else "",
        )
    )


def _note(row: CheckedRow, known: Known, adds: tuple[str, ...]) -> str:
    """What the register keeps; of someone not yet at this institution it gives nothing away."""
    if known.affiliation_id is None:
        return str(_("Known by this e-mail from elsewhere in the network; the register’s entry is kept."))
    notes = []
    if row.printed_name != known.printed_name:
        notes.append(_("The register says “%(name)s” and keeps it.", name=known.printed_name))
    if row.email and known.email and row.email != known.email:
        notes.append(_("The register has another e-mail and keeps it."))
    if row.own_number and known.own_number and row.own_number.casefold() != known.own_number.casefold():
        notes.append(_("The register has the number %(number)s and keeps it.", number=known.own_number))
    if adds:
        words = {
            "native_name": _("native name"),
            "email": _("e-mail"),
            "gender": _("gender"),
            "own_number": _("number"),
        }
        notes.append(_("Adds: %(what)s.", what=", ".join(words[name] for name in adds)))
    return " ".join(notes)
