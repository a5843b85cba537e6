"""What a list of institutions would do to the network, row by row, and keeping it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _

from gdt.access import OFFICE, Viewer
from gdt.errors import DomainError
from gdt.imports.deciding import still_to_write
from gdt.imports.kind_parts import Kept, Made
from gdt.imports.rows import Checked, Read, RowState, ToKeep, refused
from gdt.partners.institution_sheet import Partner
from gdt.partners.models import Institution, InstitutionKind
from gdt.partners.queries import list_institutions
from gdt.partners.services import put_right, register_institution
from gdt.partners.similar_names import are_probably_one

MOST_ALIKE: Final = 3  # offered for one row
NEEDED: Final = ("name", "kind", "country", "city")
MADE: Final = (
    *("code", "name", "native_name", "kind", "country_id", "city", "website", "joined_on", "closed_on"),
)
WRITTEN: Final = MADE[1:-1]


class InstitutionChecker:
    """Decides the rows of one file; a second row about the same institution is refused."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = columns
        self._held = {one.code: one for one in list_institutions(OFFICE)}
        self._named = {one.name: one.code for one in self._held.values()}
        self._taken: dict[tuple[str, str], int] = {}

    def note(self, row: Checked) -> None:
        told = Partner(*row.values)
        for field in ("code", "name"):
            self._taken.setdefault((field, getattr(told, field)), row.line)

    def decide(self, rows: Sequence[Read]) -> list[Checked]:
        return [self._decide(row, Partner(*row.values)) for row in rows]

    def _decide(self, row: Read, told: Partner) -> Checked:
        for field in ("code", "name"):
            value = getattr(told, field)
            first = self._taken.setdefault((field, value), row.line) if value else row.line
            if first != row.line:
                reason = _("The same as on line %(line)s. Delete one of the two rows.", line=first)
                return self._refused(row, field, reason)
        if self._named.get(told.name, told.code) != told.code:
            reason = _("The institution %(code)s has this name already.", code=self._named[told.name])
            return self._refused(row, "name", reason)
        held = self._held.get(told.code)
        return self._compared(row, told, held) if held else self._new(row, told)

    def _new(self, row: Read, told: Partner) -> Checked:
        lacks = next((name for name in NEEDED if not getattr(told, name)), None)
        if lacks is None:
            return self._perhaps_known(Checked(row.line, RowState.NEW.value, told), told)
        return self._refused(row, lacks, _("A new institution needs name, kind, country and city."))

    def _perhaps_known(self, row: Checked, told: Partner) -> Checked:
        """The row as new, or to be chosen where one of its country is probably the same."""
        alike = [
            one
            for one in self._held.values()
            if one.country.code == told.country
            and are_probably_one(told.name, told.native_name, one.name, one.native_name or "")
        ]
        if not alike:
            return row
        people = [[one.id, one.name, one.native_name or "", one.code] for one in alike[:MOST_ALIKE]]
        note = _("An institution much like it is registered in this country. Say whether it is the same.")
        return row._replace(state=RowState.PROBABLE.value, note=note, detail={"people": people})

    def _compared(self, row: Read, told: Partner, held: Institution) -> Checked:
        """The row beside the register's entry; what the row leaves empty stays as it is."""
        ours = partner_of(held)
        said = {name: getattr(told, name) for name in Partner._fields[1:] if getattr(told, name)}
        moved = {name: text for name, text in said.items() if text != getattr(ours, name)}
        differs = {name: [getattr(ours, name), text] for name, text in moved.items() if getattr(ours, name)}
        checked = Checked(row.line, RowState.UNCHANGED.value, told._replace(name=told.name or ours.name))
        checked = checked._replace(known=held.id)
        if differs:
            return checked._replace(state=RowState.CONFLICT.value, detail={"differs": differs})
        return checked._replace(state=RowState.KNOWN.value) if moved else checked

    def _refused(self, row: Read, field: str, reason: str) -> Checked:
        told = Partner(*row.values)
        return refused(row, self.columns.get(field, ""), getattr(told, field), reason)


def partner_of(held: Institution) -> Partner:
    """An institution of the register as a row would say it."""
    return Partner(
        held.code,
        held.name,
        held.native_name or "",
        held.kind.value,
        held.country.code,
        held.city,
        held.website or "",
        held.joined_on.isoformat() if held.joined_on else "",
    )


def keep_institutions(actor: Viewer, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Register the new ones and put the known ones right; one that cannot be comes back with the reason."""
    wanted, kept = still_to_write(rows, lambda: InstitutionChecker({}), is_fresh=is_fresh)
    held = {one.id: one for one in list_institutions(OFFICE)}
    made = []
    for row in wanted:
        facts = _facts(Partner(*row.values))
        try:
            if row.known is None:
                made.append(_made(register_institution(viewer=actor, **facts)))
            else:
                kept.changes += _put_right(actor, held[row.known], facts)
                kept.matched += 1
        except DomainError as error:
            kept.late.append(refused(row, "", facts["code"], error.message))
    if made:
        kept.made.append(Made("institutions", MADE, made))
    kept.new, kept.changed = len(made), len(made) + kept.matched
    return kept


def _facts(told: Partner) -> dict[str, Any]:
    """What the row says, as the services take it."""
    facts: dict[str, Any] = {name: text for name, text in told._asdict().items() if text}
    if "country" in facts:
        facts["country_code"] = facts.pop("country")
    if "kind" in facts:
        facts["kind"] = InstitutionKind(facts["kind"])
    if "joined_on" in facts:
        facts["joined_on"] = date.fromisoformat(facts["joined_on"])
    return facts


def _put_right(
    actor: Viewer, held: Institution, facts: dict[str, Any]
) -> list[tuple[str, int, str, Any, Any]]:
    before = _plain(held)
    given = {name: value for name, value in facts.items() if name != "code"}
    put_right(viewer=actor, institution=held, **{"country_code": held.country.code} | given)
    after = _plain(held)
    return [
        ("institutions", held.id, name, before[name], after[name])
        for name in WRITTEN
        if before[name] != after[name]
    ]


def _made(record: Institution) -> tuple[Any, ...]:
    return record.id, *(_plain(record)[name] for name in MADE)


def _plain(record: Institution) -> dict[str, Any]:
    """The columns of an entry as JSON holds them."""
    values = {name: getattr(record, name) for name in MADE}
    days = {name: values[name].isoformat() if values[name] else None for name in ("joined_on", "closed_on")}
    return values | days | {"kind": record.kind.value}
