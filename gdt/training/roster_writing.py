"""Writing a list of people in bulk: persons, affiliations and enrolments, thousands to a statement."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _

from gdt.database import now
from gdt.imports.kinds import Kept, Made
from gdt.imports.rows import Checked, Read, RowState, ToKeep
from gdt.imports.writing import insert_alike, insert_rows, reserve_ids, write_changes
from gdt.people.guardians import GuardianWord
from gdt.people.matching import find_known, mark_to_compare
from gdt.people.name_keys import name_key
from gdt.people.roster import Listed
from gdt.training.models import EnrolmentState
from gdt.training.places import Place
from gdt.training.roster_checking import RosterChecker, Whose, known_row

PERSON: Final = ("printed_name", "native_name", "email", "gender", "created_at", "name_key")
AFFILIATION: Final = ("person_id", "institution_id", "role", "own_number", "from_on")
TAKEN: Final = frozenset({RowState.KNOWN, RowState.OTHER})
PLAIN: Final = frozenset({RowState.KNOWN, RowState.UNCHANGED})  # nothing of them is in dispute
NEW, SAME, FILE = "new", "same", "file"


def keep_people(place: Place, upload_id: int, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Write the rows into a place; twice changes nothing."""
    decided = list(rows) if is_fresh else _decided_again(place, rows)
    return _Portion(place, upload_id).keep(_with_chosen_people(place, decided))


def _decided_again(place: Place, rows: Sequence[ToKeep]) -> list[ToKeep]:
    checker = RosterChecker(place, {}, asks=False)
    again = checker.decide([Read(one.row.line, tuple(one.row.values)) for one in rows])
    return [_as_chosen(before, row) for before, row in zip(rows, again, strict=True)]


def _as_chosen(before: ToKeep, row: Checked) -> ToKeep:
    """The row as it is now, with the choice made for it; one that became somebody else's has none yet."""
    if row.state == RowState.NEW and before.row.state == RowState.PROBABLE:
        return before
    if row.state == RowState.OTHER and before.row.state != RowState.OTHER:
        return ToKeep(row._replace(state=RowState.REFUSED.value), None)
    return ToKeep(row, before.choice)


def _with_chosen_people(place: Place, rows: Sequence[ToKeep]) -> list[ToKeep]:
    """Rows for which somebody said "the same person", now as rows of that person."""
    if all(one.row.state != RowState.PROBABLE for one in rows):
        return list(rows)
    chosen = {one.row.line: _person_chosen(one) for one in rows if one.row.state == RowState.PROBABLE}
    ids = {person_id for person_id in chosen.values() if person_id}
    known = find_known(place.institution_id, place.role, ids)
    members = place.members(ids)
    return [_resolved(one, chosen.get(one.row.line), known, members) for one in rows]


def _person_chosen(one: ToKeep) -> int | None:
    """The person of the register a choice names: "same:12", or "same" for the likeliest."""
    people = (one.row.detail or {}).get("people", [])
    choice, _colon, person_id = (one.choice or NEW).partition(":")
    ids = [person[0] for person in people]
    if choice != SAME or not ids:
        return None
    return int(person_id) if person_id.isdecimal() and int(person_id) in ids else int(ids[0])


def _resolved(one: ToKeep, person_id: int | None, known: dict[int, Any], members: set[int]) -> ToKeep:
    if one.row.state != RowState.PROBABLE:
        return one
    if person_id is None:
        return ToKeep(one.row._replace(state=RowState.NEW.value), None)
    if person_id not in known:
        reason = _("The person you chose is not in the register any more.")
        return ToKeep(one.row._replace(state=RowState.REFUSED.value, note=reason), None)
    plain = one.row._replace(note="", detail=None)
    return ToKeep(known_row(plain, known[person_id], is_member=person_id in members), None)


def _listed(values: Sequence[Any]) -> Listed:
    return values if isinstance(values, Listed) else Listed(*values)


class _Portion:
    """Collects what one portion writes, then writes it table by table."""

    def __init__(self, place: Place, upload_id: int) -> None:
        self.place, self.upload_id = place, upload_id
        self.kept = Kept()
        self.enrolled: list[int] = []
        self.guardians: dict[int, str] = {}  # what the file says of them, by person
        self.affiliated: list[tuple[int, str | None]] = []
        self.touched: set[int] = set()  # people who were known, and of whom more is known now

    def keep(self, rows: Sequence[ToKeep]) -> Kept:
        new, known = [], []
        for one in rows:
            if one.row.state == RowState.NEW:
                new.append(_listed(one.row.values))
            elif one.row.state == RowState.REFUSED:
                self.kept.late.append(one.row)
            else:
                known.append(one)
        self._write_new(new)
        for one in known:
            self._take_known(one)
        self._write_affiliations()
        self._write_enrolments()
        write_changes(self.kept.changes)
        mark_to_compare(self.touched)
        return self.kept

    def _write_new(self, people: Sequence[Listed]) -> None:
        ids, moment = reserve_ids("persons", len(people)), now()
        rows = [
            (
                i,
                p.printed_name,
                p.native_name,
                p.email,
                p.gender,
                moment,
                name_key(p.printed_name),
            )
            for i, p in zip(ids, people, strict=True)
        ]
        insert_rows("persons", ("id", *PERSON), rows)
        if ids:
            self.kept.made.append(Made("persons", PERSON[:4], [row[:5] for row in rows]))
        self.kept.new = self.kept.changed = len(ids)
        self.enrolled += ids
        self.affiliated += [(i, p.own_number) for i, p in zip(ids, people, strict=True)]
        self.guardians |= {i: p.guardian for i, p in zip(ids, people, strict=True) if p.guardian}

    def _take_known(self, one: ToKeep) -> None:
        whose = Whose(*one.row.known)
        before = len(self.kept.changes)
        if not whose.is_member:
            self.enrolled.append(whose.person_id)
            if guardian := _listed(one.row.values).guardian:
                self.guardians[whose.person_id] = guardian
        if one.row.state not in PLAIN or whose.adds or whose.affiliation_id is None:
            self._learn(one, whose, _listed(one.row.values))
        self._count(one.row, is_changed=len(self.kept.changes) > before or not whose.is_member)

    def _learn(self, one: ToKeep, whose: Whose, person: Listed) -> None:
        """What the row tells of somebody known that the register did not say, or not so."""
        before = len(self.kept.changes)
        is_new_here = whose.affiliation_id is None and one.row.state in TAKEN and not whose.is_member
        if is_new_here:
            self.affiliated.append((whose.person_id, person.own_number))
        for name in whose.adds:
            self._change(whose, name, None, getattr(person, name))
        if one.row.state in {RowState.CONFLICT, RowState.OTHER} and one.choice == FILE:
            for name, (ours, theirs) in (one.row.detail or {})["differs"].items():
                self._change(whose, name, ours, theirs)
        if len(self.kept.changes) > before or is_new_here:
            self.touched.add(whose.person_id)

    def _change(self, whose: Whose, name: str, ours: Any, theirs: Any) -> None:
        if name != "own_number":
            self.kept.changes.append(("persons", whose.person_id, name, ours, theirs))
            if name == "printed_name":
                keys = name_key(ours), name_key(theirs)
                self.kept.changes.append(("persons", whose.person_id, "name_key", *keys))
        elif whose.affiliation_id is not None:
            self.kept.changes.append(("affiliations", whose.affiliation_id, name, ours, theirs))

    def _count(self, row: Checked, *, is_changed: bool) -> None:
        if row.state == RowState.UNCHANGED or not is_changed:
            self.kept.unchanged += 1
        else:
            self.kept.matched += 1
            self.kept.changed += 1

    def _write_affiliations(self) -> None:
        ids = reserve_ids("affiliations", len(self.affiliated))
        place = self.place
        rows = [
            (i, person_id, place.institution_id, place.role, number, place.from_on)
            for i, (person_id, number) in zip(ids, self.affiliated, strict=True)
        ]
        insert_rows("affiliations", ("id", *AFFILIATION), rows)
        if ids:
            made = [(row[0], row[1], row[4]) for row in rows]
            self.kept.made.append(Made("affiliations", ("person_id", "own_number"), made))

    def _write_enrolments(self) -> None:
        if self.place.cohort is None:
            return
        self.enrolled.sort()  # the indexes are written from one end to the other, and not here and there
        for guardian in (None, *GuardianWord):
            alike = self.enrolled
            if self.guardians or guardian:
                alike = [one for one in self.enrolled if self.guardians.get(one) == guardian]
            self._write_alike(self.place.cohort.id, alike, guardian)

    def _write_alike(self, cohort_id: int, people: list[int], guardian: GuardianWord | None) -> None:
        """The enrolments of those of whom the file says the same."""
        ids = reserve_ids("enrolments", len(people))
        same = {"state": EnrolmentState.ENROLLED.value} | ({"guardian": guardian.value} if guardian else {})
        told = {"cohort_id": cohort_id, "upload_id": self.upload_id}
        insert_alike("enrolments", ids, "person_id", people, {**same, **told})
        if ids:
            plain = {"guardian": None, **same, "attendance_percent": None, "completed_on": None}
            made = list(zip(ids, people, strict=True))
            self.kept.made.append(Made("enrolments", ("person_id",), made, plain))
