"""What a list of who came would do to an event, row by row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from gdt.events.attendance_sheet import Came
from gdt.events.attendance_words import CAME, DID_NOT_COME
from gdt.events.models import Event
from gdt.events.people_models import EventRegistration
from gdt.events.people_queries import list_registrations
from gdt.events.states import PlaceState
from gdt.imports.rows import Checked, Read, RowState, refused
from gdt.people.person_columns import name_column


class AttendanceChecker:
    """Decides the rows of one file; a second row of somebody changes nothing unless it says otherwise."""

    def __init__(self, event: Event, columns: Mapping[str, str]) -> None:
        self.columns = columns
        people = list_registrations(event)
        self._by_email = {one.email: one for one in people}
        self._by_name: dict[str, list[EventRegistration]] = defaultdict(list)
        for one in people:
            self._by_name[one.name.casefold()].append(one)
        self._said: dict[int, tuple[int, str]] = {}

    def note(self, row: Checked) -> None:
        if row.known is not None:
            self._said.setdefault(row.known, (row.line, Came(*row.values).attended))

    def decide(self, rows: Sequence[Read]) -> list[Checked]:
        return [self._decide(row, Came(*row.values)) for row in rows]

    def _decide(self, row: Read, told: Came) -> Checked:
        found, why_not = self._find(told)
        if found is None:
            return self._refused(row, told, why_not)
        line, said = self._said.setdefault(found.id, (row.line, told.attended))
        if said != told.attended:
            return self._refused(row, told, _("Line %(line)s says otherwise of the same person.", line=line))
        values = Came(found.email, found.name, told.attended)
        checked = Checked(row.line, RowState.NEW.value, values, "", found.id)
        if line != row.line or in_words(found.has_come) == told.attended:
            return checked._replace(state=RowState.UNCHANGED.value)
        if found.has_come is None:
            return checked
        differs = {"attended": [in_words(found.has_come), told.attended]}
        return checked._replace(state=RowState.CONFLICT.value, detail={"differs": differs})

    def _find(self, told: Came) -> tuple[EventRegistration | None, str]:
        """Whose row it is, or nobody's and why."""
        found = self._by_email.get((told.email or "").lower())
        if found is None and not told.email:
            named = self._by_name.get(told.printed_name.casefold(), [])
            if len(named) > 1:
                return None, str(_("Several people on the list are called so. Add the e-mail address."))
            found = named[0] if named else None
        if found is None:
            key = (told.email or told.printed_name)[:80]
            return None, str(_("“%(key)s” has no place at this event, so nobody can be ticked.", key=key))
        if found.state is PlaceState.WAITING:
            return None, str(_("%(name)s is on the waiting list and has no place.", name=found.name))
        if found.state is PlaceState.WITHDRAWN:
            return None, str(_("%(name)s gave the place back.", name=found.name))
        return found, ""

    def _refused(self, row: Read, told: Came, reason: str) -> Checked:
        column = self.columns.get("email", "") if told.email else name_column(self.columns)
        return refused(row, column, told.email or told.printed_name, reason)


def in_words(has_come: bool | None) -> str:
    return "" if has_come is None else CAME if has_come else DID_NOT_COME
