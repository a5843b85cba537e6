"""On which day what can be begun, and as which version: for those who plan cohorts and trainings."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from gdt.errors import DomainError
from gdt.filters import day as in_words
from gdt.training.curriculum.queries import list_not_taught, versions_on
from gdt.training.models import Module


def taught_as(modules: Sequence[Module], day: date) -> list[str]:
    """Each module with the version that is taught to those who begin on a day."""
    versions = versions_on(modules, day)
    return [
        _("%(module)s (version %(label)s)", module=module, label=versions[module.id].label)
        if module.id in versions
        else module.title
        for module in modules
    ]


def refuse_not_taught(modules: Sequence[Module], day: date) -> None:
    """Raise DomainError where a module is retired by a day, so that nobody can begin it then."""
    retired = list_not_taught(modules, day)
    if retired:
        raise DomainError(
            _(
                "%(module)s is not taught any more on %(day)s. Leave it out, or choose an earlier day.",
                module=retired[0],
                day=in_words(day),
            ),
            "modules",
        )
