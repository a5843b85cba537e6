"""The words and shapes in which the pages show versions of the curriculum."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.filters import day as written
from gdt.training.curriculum.differences import Said, differences
from gdt.training.curriculum.models import CourseVersion, ModuleVersion
from gdt.training.curriculum.states import VersionState

AnyVersion = ModuleVersion | CourseVersion
STANDINGS = {
    "taught": (lazy_gettext("Taught now"), "ok"),
    "draft": (lazy_gettext("In preparation"), "progress"),
    "retired": (lazy_gettext("Not taught any more"), "neutral"),
}


def version_word(version: AnyVersion, today: date) -> tuple[Any, str]:
    """The word and the shape of a version on a day."""
    if version.state is VersionState.DRAFT or version.taught_from is None:
        return _("Draft"), "progress"
    if version.taught_from > today:
        return _("Taught from %(day)s", day=written(version.taught_from)), "progress"
    if version.taught_until is None:
        return _("Taught now"), "ok"
    if version.taught_until >= today:
        return _("Taught until %(day)s", day=written(version.taught_until)), "attention"
    return _("Retired"), "neutral"


def what_changed(version: AnyVersion, before: AnyVersion | None) -> list[str]:
    """What is new in a version since the one before it."""
    return [] if before is None else differences(said_by(before), said_by(version))


def said_by(version: AnyVersion) -> Said:
    """What a version says, as plain values."""
    return Said(
        hours=version.hours if isinstance(version, ModuleVersion) else 0,
        summary=version.summary,
        outcomes=tuple(version.outcomes),
        languages=tuple(version.languages),
        modules=() if isinstance(version, ModuleVersion) else tuple(m.title for m in version.modules),
        materials=tuple(m.title for m in version.materials) if isinstance(version, ModuleVersion) else (),
        exam_rule=() if isinstance(version, ModuleVersion) else tuple(version.exam_rule or ()),
    )
