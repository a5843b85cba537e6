"""Refuses teachers for modules they are not qualified for on the day, and says until when they were."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from gdt.errors import DomainError
from gdt.filters import day as in_words
from gdt.people.models import Person
from gdt.training.models import Module, Qualification
from gdt.training.qualifications import list_qualifications, list_qualified_modules
from gdt.training.teaching import Shortfall, find_shortfall


def refuse_unqualified(teachers: Sequence[Person], modules: Sequence[Module], day: date) -> None:
    """Each teacher must be qualified for one of the modules, and each module must have such a teacher."""
    ids = [person.id for person in teachers]
    shortfall = find_shortfall(
        {person.id: str(person) for person in teachers},
        {module.id: module.title for module in modules},
        list_qualified_modules(ids, day),
    )
    if shortfall is None:
        return
    missing = {module.id for module in modules if module.title in shortfall.modules.split(", ")}
    held = [one for one in list_qualifications(ids) if one.module_id in missing]
    names = {person.id: str(person) for person in teachers}
    raise DomainError(_in_words(shortfall, day, held, names), "teachers")


def _in_words(shortfall: Shortfall, day: date, held: Sequence[Qualification], names: dict[int, str]) -> str:
    if shortfall.teacher:
        mine = [one for one in held if names[one.person_id] == shortfall.teacher]
        return _(
            "%(teacher)s has no qualification for %(module)s that is valid on %(day)s. %(until)s"
            "Choose a qualified teacher, or ask the programme office about the next teacher training.",
            teacher=shortfall.teacher,
            module=shortfall.modules,
            day=in_words(day),
            until=_until(mine, day),
        )
    return _(
        "None of the chosen teachers (%(teachers)s) has a qualification for %(module)s that is valid on "
        "%(day)s. %(until)sAdd a teacher who has, or leave the module out.",
        teachers=shortfall.teachers,
        module=shortfall.modules,
        day=in_words(day),
        until=_until(held, day),
    )


def _until(held: Sequence[Qualification], day: date) -> str:
    """Until when the last one held it, or from when the next one will; empty where nobody ever did."""
    ended = [one for one in held if one.valid_until < day]
    if ended:
        last = max(ended, key=lambda one: one.valid_until)
        return _(
            "The one for %(module)s ended on %(day)s. ", module=last.module, day=in_words(last.valid_until)
        )
    if held:
        first = min(held, key=lambda one: one.valid_from)
        return _(
            "The one for %(module)s begins on %(day)s. ", module=first.module, day=in_words(first.valid_from)
        )
    return ""
