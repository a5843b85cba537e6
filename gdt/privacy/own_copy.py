"""A person's own copy of everything the register says is hers, as data: see docs/own-copy-1.schema.json."""

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from gdt import audit
from gdt.access import Viewer, sees_all, within
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Institution
from gdt.people.merge_queries import list_institutions_of
from gdt.people.models import Person
from gdt.privacy.copy_sections import SECTIONS
from gdt.privacy.holdings import Holdings, holdings_of
from gdt.privacy.left_out import LEFT_OUT
from gdt.privacy.personal_columns import REGISTER, Who
from gdt.privacy.sections import Section
from gdt.row_security import everything

FORMAT = "gdt-own-copy-1"
OF_HER = (Who.LEARNER, Who.HOLDER)


def columns_of(table: str) -> list[str]:
    """What of a table belongs into a copy: everything registered as hers but for what is left out."""
    left_out = LEFT_OUT.get(table, set())
    return [
        name
        for held in REGISTER
        if held.table == table and held.who in OF_HER
        for name in held.columns
        if name not in left_out
    ]


@everything()
def make_copy(*, actor: Viewer, person: Person, form: str, by: str = "office") -> dict[str, Any]:
    """Everything that is hers, by section; the making is an event in the trail.

    A partner makes one of its own people alone. Raises DomainError for one who has records elsewhere, too,
    and for one who was erased.
    """
    if person.erased_at is not None:
        raise DomainError(_("This person was erased: there is nothing left to copy."))
    if by == "office" and not sees_all(actor):
        _refuse_stranger(actor, person)
    held = holdings_of(person.id)
    sections = [_section(section, held) for section in SECTIONS]
    summary = _("Made a copy of everything held of a person")
    audit.record(actor, "copied", person, summary, institution_id=actor.institution_id, form=form, by=by)
    return {
        "format": FORMAT,
        "made_at": now().isoformat(timespec="seconds"),
        "name": person.printed_name,
        "sections": [section for section in sections if section["rows"]],
        "why": [_reason(held_as) for held_as in REGISTER if held_as.who in OF_HER],
    }


def as_json(copy: dict[str, Any]) -> bytes:
    return json.dumps(copy, ensure_ascii=False, indent=2).encode()


def _refuse_stranger(actor: Viewer, person: Person) -> None:
    places = list_institutions_of([person.id])
    mine = db.session.scalars(
        select(Institution.id).where(Institution.id.in_(places), within(actor, Institution.id))
    )
    if set(mine) != set(places):
        raise DomainError(
            _("This person has records at other institutions, too. Ask the programme office for the copy.")
        )


def _section(section: Section, held: Holdings) -> dict[str, Any]:
    names = [name for name in columns_of(section.table) if name not in section.context]
    rows = db.session.execute(section.statement(names, held)).mappings()
    found = [{name: plain(value) for name, value in row.items() if value not in (None, "")} for row in rows]
    return {"table": section.table, "title": str(section.title), "rows": [row for row in found if row]}


def plain(value: Any) -> Any:
    """A value as JSON knows it: days and moments in ISO 8601, numbers as they are written."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _reason(held_as: Any) -> dict[str, str]:
    return {
        "table": held_as.table,
        "what": held_as.what,
        "purpose": held_as.purpose.value,
        "basis": held_as.basis.value,
        "kept": held_as.kept.value,
    }
