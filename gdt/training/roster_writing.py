"""Writing a list of people in bulk: persons, affiliations and enrolments, thousands to a statement."""

from collections.abc import Sequence
from itertools import compress
from typing import Any, Final

from flask_babel import gettext as _

from gdt.access import OFFICE
from gdt.database import db, now
from gdt.imports.kind_parts import Kept, Made
from gdt.imports.models import Upload
from gdt.imports.rows import Checked, Read, RowState, RowsToKeep, ToKeep
from gdt.imports.writing import insert_alike, insert_columns, reserve_ids, write_changes
from gdt.partners.models import Institution
from gdt.people.entered_elsewhere import tell_of_entry
from gdt.people.guardians import GuardianWord
from gdt.people.matching import find_known, mark_to_compare
from gdt.people.name_keys import name_key, name_keys
from gdt.people.roster import Listed
from gdt.training.models import EnrolmentState
from gdt.training.places import Place
from gdt.training.roster_checking import RosterChecker, Whose, known_row

PERSON: Final = ("printed_name", "native_name", "email", "gender", "created_at", "name_key")
AFFILIATION: Final = ("person_id", "institution_id", "role", "own_number", "from_on")
TAKEN: Final = frozenset({RowState.KNOWN, RowState.OTHER})
PLAIN: Final = frozenset({RowState.KNOWN, RowState.UNCHANGED})  # nothing of them is in dispute
NEW, SAME, FILE = "new", "same", "file"
_GUARDIAN: Final = Listed._fields.index("guardian")


def keep_people(place: Place, upload_id: int, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Write the rows into a place; twice changes nothing."""
    decided = RowsToKeep.of(rows if is_fresh or not rows else _decided_again(place, rows))
    if decided is None:
        return Kept()
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


def _with_chosen_people(place: Place, rows: RowsToKeep) -> RowsToKeep:
    """Rows for which somebody said "the same person", now as rows of that person."""
    if RowState.PROBABLE not in rows.rows.states:
        return rows
    chosen = {one.row.line: _person_chosen(one) for one in rows if one.row.state == RowState.PROBABLE}
    ids = {person_id for person_id in chosen.values() if person_id}
    known = find_known(place.institution_id, place.role, ids)
    members = place.members(ids)
    told = [_resolved(one, chosen.get(one.row.line), known, members) for one in rows]
    return RowsToKeep.of(told) or rows


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


def _tell(place: Place, upload_id: int, person_ids: list[int]) -> None:
    actor = db.session.get_one(Upload, upload_id).uploaded_by or OFFICE
    institution = db.session.get_one(Institution, place.institution_id)
    tell_of_entry(actor=actor, institution=institution, person_ids=person_ids)


class _Portion:
    """Collects what one portion writes, then writes it table by table."""

    def __init__(self, place: Place, upload_id: int) -> None:
        self.place, self.upload_id = place, upload_id
        self.kept = Kept()
        self.enrolled: list[int] = []
        self.guardians: dict[int, str] = {}  # what the file says of them, by person
        self.affiliated: list[tuple[int, str | None]] = []
        self.new_here: list[int] = []  # people known from elsewhere
        self.touched: set[int] = set()  # people who were known, and of whom more is known now

    def keep(self, rows: RowsToKeep) -> Kept:
        told = rows.rows
        is_new = [state == RowState.NEW for state in told.states]
        self._write_new([list(compress(column, is_new)) for column in told.columns])
        for place in [place for place, new in enumerate(is_new) if not new]:
            state, known = told.states[place], told.known[place]
            if state in PLAIN and known[1] is not None and not known[3]:
                if not known[2]:
                    self._enrol(known[0], told.columns, place)
                self._count(state, is_changed=not known[2])
            elif state == RowState.REFUSED:
                self.kept.late.append(told[place])
            else:
                self._take_known(rows, place)
        self._write_affiliations()
        self._write_enrolments()
        write_changes(self.kept.changes)
        if self.new_here:
            _tell(self.place, self.upload_id, self.new_here)
        mark_to_compare(self.touched)
        return self.kept

    def _write_new(self, columns: Sequence[list[Any]]) -> None:
        names, natives, numbers, emails, genders, *guardians = columns
        ids, moments = reserve_ids("persons", len(names)), [now()] * len(names)
        told = [ids, names, natives, emails, genders]
        insert_columns("persons", ("id", *PERSON), [*told, moments, name_keys(names)])
        if ids:
            self.kept.made.append(Made("persons", PERSON[:4], list(zip(*told, strict=True))))
        self.kept.new = self.kept.changed = len(ids)
        self.enrolled += ids
        self.affiliated += zip(ids, numbers, strict=True)
        for column in filter(any, guardians):
            self.guardians |= {i: word for i, word in zip(ids, column, strict=True) if word}

    def _enrol(self, person_id: int, columns: Sequence[Sequence[Any]], place: int) -> None:
        """Somebody known comes into the cohort, with what her row says of a guardian."""
        self.enrolled.append(person_id)
        if len(columns) > _GUARDIAN and (word := columns[_GUARDIAN][place]):
            self.guardians[person_id] = word

    def _take_known(self, rows: RowsToKeep, place: int) -> None:
        one, before = rows[place], len(self.kept.changes)
        whose = Whose(*one.row.known)
        if not whose.is_member:
            self._enrol(whose.person_id, rows.rows.columns, place)
        if one.row.state not in PLAIN or whose.adds or whose.affiliation_id is None:
            self._learn(one, whose, Listed(*one.row.values))
        is_changed = len(self.kept.changes) > before or not whose.is_member
        self._count(one.row.state, is_changed=is_changed)

    def _learn(self, one: ToKeep, whose: Whose, person: Listed) -> None:
        """What the row tells of somebody known that the register did not say, or not so."""
        before = len(self.kept.changes)
        is_new_here = whose.affiliation_id is None and one.row.state in TAKEN and not whose.is_member
        if is_new_here:
            self.affiliated.append((whose.person_id, person.own_number))
            self.new_here.append(whose.person_id)
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

    def _count(self, state: str, *, is_changed: bool) -> None:
        if state == RowState.UNCHANGED or not is_changed:
            self.kept.unchanged += 1
        else:
            self.kept.matched += 1
            self.kept.changed += 1

    def _write_affiliations(self) -> None:
        ids, place = reserve_ids("affiliations", len(self.affiliated)), self.place
        if not ids:
            return
        person_ids, numbers = zip(*self.affiliated, strict=True)
        same = [[one] * len(ids) for one in (place.institution_id, place.role, place.from_on)]
        columns = [ids, person_ids, same[0], same[1], numbers, same[2]]
        insert_columns("affiliations", ("id", *AFFILIATION), columns)
        made = list(zip(ids, person_ids, numbers, strict=True))
        self.kept.made.append(Made("affiliations", ("person_id", "own_number"), made))

    def _write_enrolments(self) -> None:
        if self.place.cohort is None:
            return
        self.enrolled.sort()  # the indexes are written from one end to the other, and not here and there
        if not self.guardians:
            self._write_alike(self.place.cohort.id, self.enrolled, None)
            return
        for guardian in (None, *GuardianWord):
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
