"""What a list of people would do to a place: each row new, known, probably known, there or refused."""

from collections.abc import Mapping, Sequence
from operator import or_
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from gdt.imports.rows import Checked, CheckedRows, Read, ReadRows, RowState, as_checked, refused
from gdt.people.entered_elsewhere import belongs_elsewhere
from gdt.people.first_seen import FirstSeen, SeenBefore
from gdt.people.forgotten import find_forgotten, is_anybody_forgotten, why_not
from gdt.people.matching import Known, Match, People, match_columns
from gdt.people.name_keys import name_key
from gdt.people.other_names import is_somebody_else
from gdt.people.roster import Listed
from gdt.people.similar import find_similar
from gdt.training.places import Place

FILLABLE: Final = ("native_name", "email", "gender", "own_number")
COMPARED: Final = ("printed_name", "native_name", "email", "gender", "own_number")
_NEW, _KNOWN, _UNCHANGED = RowState.NEW.value, RowState.KNOWN.value, RowState.UNCHANGED.value
MOST_PEOPLE: Final = 3  # offered for one row


class Whose(NamedTuple):
    """Who a row is, as the document keeps it: what keeping needs, and nothing that a page may not show."""

    person_id: int
    affiliation_id: int | None
    is_member: bool
    adds: Sequence[str] = ()


class RosterChecker:
    """Decides the rows of one file for one place; a second row about the same person is refused."""

    def __init__(self, place: Place, columns: Mapping[str, str], *, asks: bool) -> None:
        self.place, self.columns, self.asks = place, columns, asks
        self._taken, self._names = FirstSeen(), SeenBefore()  # lines by person; the names of the rows
        self._notes: dict[object, str] = {}
        self._is_empty: bool | None = None

    def note(self, row: Checked) -> None:
        person = Listed(*row.values)
        self._names.add([person[:2]])
        if row.known is not None and person.is_identified:
            self._take(row.known[0], row.line)

    def decide(self, rows: Sequence[Read]) -> CheckedRows:
        told = ReadRows.of(rows)
        names, natives, numbers, emails, *others = told.columns
        emails = [email and email.lower() for email in emails]
        by_number, by_email = match_columns(self.place.institution_id, self.place.role, numbers, emails)
        made = CheckedRows(told.lines, *_all_new(len(told), [names, natives, numbers, emails, *others]))
        self._decide_known(made, by_number, by_email)
        self._decide_by_place(made)
        if is_anybody_forgotten():
            self._refuse_forgotten(made)
        if self.asks:
            self._tell_likely(made)
        return made

    def _decide_known(self, rows: CheckedRows, by_number: People, by_email: People) -> None:
        """Put in what is known of the people who are found in the register."""
        found = [n for n, known in enumerate(map(or_, map(bool, by_number), map(bool, by_email))) if known]
        people = {n: by_number[n] or by_email[n] for n in found}
        members = self._members({known[0] for known in people.values() if known})
        are_first = self._are_first(rows, people, by_number, by_email)
        values = list(zip(*rows.columns, strict=True))
        for n, known in people.items():
            if are_first and known and known[1] and known[2:7] == values[n][:5]:
                is_member = known[0] in members
                rows.known[n] = (known[0], known[1], is_member, ())
                rows.states[n] = _UNCHANGED if is_member else _KNOWN
                continue
            new = as_checked((rows.lines[n], _NEW, Listed(*values[n]), "", None, None))
            match = Match(by_number[n], by_email[n])
            rows.put(n, self._decide_closely(new, match, members, is_first=are_first))

    def _members(self, person_ids: set[int]) -> set[int]:
        """Those who were here before the file; what it adds meanwhile is told by its own rows."""
        if self._is_empty is None:
            self._is_empty = self.place.is_empty()
        return set() if self._is_empty or not person_ids else self.place.members(person_ids)

    def _are_first(
        self, rows: CheckedRows, people: Mapping[int, Known | None], by_number: People, by_email: People
    ) -> bool:
        """Whether each person is met here for the first time, in a row whose number and e-mail agree."""
        if any(
            by_number[n] is not by_email[n] and Match(by_number[n], by_email[n]).is_conflict for n in people
        ):
            return False
        ids = [known[0] for known in people.values() if known]
        return self._taken.put_new(ids, [rows.lines[n] for n in people])

    def _decide_closely(self, row: Checked, match: Match, members: set[int], *, is_first: bool) -> Checked:
        known = match.person
        if known is None or (not is_first and match.is_conflict):
            return self._refused(row, _conflict(match))
        first = row.line if is_first else self._take(known.person_id, row.line)
        if first != row.line:
            return self._refused(row, _same_person(first))
        told = known_row(row, known, is_member=known.person_id in members, notes=self._notes)
        is_from_elsewhere = told.state == RowState.OTHER and known.affiliation_id is None
        return self._refused(row, belongs_elsewhere()) if is_from_elsewhere else told

    def _take(self, person_id: int, line: int) -> int:
        """The first line about a person, which is this one where none came before."""
        if self._taken.put_new((person_id,), (line,)):
            return line
        return self._taken.get(person_id)

    def _refused(self, row: Checked, reason: str) -> Checked:
        person = Listed(*row.values)
        field = "own_number" if person.own_number else "email"
        return refused(row, self.columns.get(field, ""), person.own_number or person.email or "", reason)

    def _decide_by_place(self, rows: CheckedRows) -> None:
        """Rows with a name alone are not looked for by number, only by their name in this very place."""
        names, natives, numbers, emails, *_others = rows.columns
        keys = list(zip(names, natives, strict=True))
        if all(map(or_, map(bool, numbers), map(bool, emails))):
            self._names.add(keys)
            return
        twins = self._names.count(keys)
        alone = [n for n in range(len(rows)) if not (numbers[n] or emails[n])]
        if named := self.place.named({names[n] for n in alone}):
            for n in alone:
                namesakes = named.get((names[n], natives[n] or ""), [])
                rows.put(n, _by_place(rows[n], twins[n], namesakes))

    def _refuse_forgotten(self, rows: CheckedRows) -> None:
        """Who asked to be forgotten does not come back by a file of before."""
        new = {n: rows[n] for n, state in enumerate(rows.states) if state == _NEW}
        since = find_forgotten(self.place.institution_id, [Listed(*row.values) for row in new.values()])
        places = list(new)
        for place, moment in since.items():
            rows.put(places[place], self._refused(new[places[place]], why_not(moment)))

    def _tell_likely(self, rows: CheckedRows) -> None:
        """Rows that seem new, as probable where somebody of the institution has a name like it."""
        new = [n for n, state in enumerate(rows.states) if state == RowState.NEW]
        names = rows.columns[0]
        similar = find_similar(self.place.institution_id, self.place.role, {names[n] for n in new})
        for n in new if similar else ():
            if name_key(names[n]) in similar:
                rows.put(n, _likely(rows[n], similar))


def _all_new(count: int, columns: list[Any]) -> tuple[list[str], list[Any], list[str], list[Any], list[Any]]:
    """States, values, notes, whose rows they are and details of rows that nobody is known of yet."""
    return [_NEW] * count, columns, [""] * count, [None] * count, [None] * count


def _by_place(row: Checked, twin: int, namesakes: list[Known]) -> Checked:
    """A row with a name alone is not looked for by number, only by its name in this very place."""
    if twin >= len(namesakes):
        return row
    note = _("Someone of this name is here already; the row has no number or e-mail to tell more.")
    whose = Whose(namesakes[twin].person_id, None, True)
    return row._replace(state=RowState.UNCHANGED.value, note=note, known=whose)


def known_row(
    row: Checked, known: Known, *, is_member: bool, notes: dict[object, str] | None = None
) -> Checked:
    """The row as one of a person of the register: known, conflicting, or nothing new in it.

    `notes` keeps the sentences of a file, so that each is put into words once.
    """
    notes = {} if notes is None else notes
    person = row.values if isinstance(row.values, Listed) else Listed(*row.values)
    has_place = known.affiliation_id is not None
    if has_place and person[:5] == known.listed:
        whose = Whose(known.person_id, known.affiliation_id, is_member)
        return as_checked((row.line, _UNCHANGED if is_member else _KNOWN, person, "", whose, None))
    fillable = FILLABLE if has_place else FILLABLE[:-1]
    adds = tuple(name for name in fillable if getattr(person, name) and not getattr(known, name))
    whose = Whose(known.person_id, known.affiliation_id, is_member, adds)
    if person.printed_name != known.printed_name and is_somebody_else(
        (known.printed_name, known.native_name), (person.printed_name, person.native_name)
    ):
        return _under_another_name(row, known, person, whose)
    if not has_place:
        note = notes.get(None) or notes.setdefault(None, _from_elsewhere())
        return row._replace(state=_UNCHANGED if is_member and not adds else _KNOWN, note=note, known=whose)
    if differs := _all_that_differs(known, person):
        return row._replace(state=RowState.CONFLICT.value, known=whose, detail={"differs": differs})
    state = _UNCHANGED if is_member and not adds else _KNOWN
    note = notes[adds] if adds in notes else notes.setdefault(adds, _adds(adds))
    return Checked(row.line, state, person, note, whose)


def _under_another_name(row: Checked, known: Known, person: Listed, whose: Whose) -> Checked:
    """Nobody is taken for somebody of a wholly different name unless a person says so.

    Of somebody from elsewhere in the network that is the office (`belongs_elsewhere`); no page tells a name.
    """
    is_here = known.affiliation_id is not None
    detail = {"differs": _all_that_differs(known, person) if is_here else {}}
    note = _belongs_to(known, person) if is_here else belongs_elsewhere()
    return row._replace(state=RowState.OTHER.value, note=note, known=whose, detail=detail)


def _all_that_differs(known: Known, person: Listed) -> dict[str, list[str]]:
    return {name: pair for name in COMPARED if (pair := _differs(name, known, person))}


def _differs(name: str, known: Known, person: Listed) -> list[str] | None:
    """What the register and the file say where both say something, and not the same."""
    ours, theirs = getattr(known, name), getattr(person, name)
    if not (ours and theirs):
        return None
    is_same = ours.casefold() == theirs.casefold() if name in {"own_number", "email"} else ours == theirs
    return None if is_same else [str(ours), str(theirs)]


def _likely(row: Checked, similar: Mapping[str, list[Known]]) -> Checked:
    person = Listed(*row.values)
    people = [one for one in similar.get(name_key(person.printed_name), ()) if _may_be(one, person)]
    if not people:
        return row
    told = [[p.person_id, p.printed_name, p.native_name or "", p.own_number or ""] for p in people]
    note = _("Somebody of a similar name is known here. Say whether this is the same person.")
    return row._replace(state=RowState.PROBABLE.value, note=note, detail={"people": told[:MOST_PEOPLE]})


def _may_be(known: Known, person: Listed) -> bool:
    """Two numbers of one institution are two people, whatever they are called."""
    return not (known.own_number and person.own_number)


def _same_person(line: int) -> str:
    return str(_("This is the same person as on line %(line)s. Delete one of the two rows.", line=line))


def _conflict(match: Match) -> str:
    return str(
        _(
            "The number belongs to %(name)s, and the e-mail to someone else. Correct the one that is wrong.",
            name=match.by_number.printed_name if match.by_number else "",
        )
    )


def _belongs_to(known: Known, person: Listed) -> str:
    name, number = known.printed_name, (known.own_number or "").casefold()
    if number and number == (person.own_number or "").casefold():
        return str(
            _(
                "%(name)s has this number. Say whether it is the same person, or correct the number.",
                name=name,
            )
        )
    return str(
        _("%(name)s has this e-mail. Say whether it is the same person, or correct the e-mail.", name=name)
    )


def _from_elsewhere() -> str:
    return str(_("Known by this e-mail from elsewhere in the network; the register’s entry is kept."))


def _adds(adds: Sequence[str]) -> str:
    if not adds:
        return ""
    words = {
        "native_name": _("native name"),
        "email": _("e-mail"),
        "gender": _("gender"),
        "own_number": _("number"),
    }
    return str(_("Adds: %(what)s.", what=", ".join(words[name] for name in adds)))
