"""What changed between two versions, in sentences, from their values alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from gdt.filters import language_name, ngettext


@dataclass(frozen=True)
class Said:
    """What a version says, as far as it can differ from another; a course has its modules' hours."""

    hours: int
    summary: str
    outcomes: tuple[str, ...]
    languages: tuple[str, ...]
    modules: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    exam_rule: tuple[str, ...] = ()


def differences(before: Said, now: Said) -> list[str]:
    """One sentence for each change, the largest first; none where both say the same."""
    return [
        *_hours(before.hours, now.hours),
        *_parts(before.modules, now.modules, _("New module: %s"), _("Without the module: %s")),
        *_parts(before.exam_rule, now.exam_rule, _("Exam: %s"), _("Exam before: %s")),
        *_parts(before.outcomes, now.outcomes, _("New outcome: %s"), _("Not an outcome any more: %s")),
        *_languages(before.languages, now.languages),
        *_parts(before.materials, now.materials, _("New material: %s"), _("Material taken out: %s")),
        *([_("The summary is written anew.")] if before.summary != now.summary else []),
    ]


def _hours(before: int, now: int) -> list[str]:
    if before == now:
        return []
    return [
        ngettext(
            "%(num)s hour instead of %(before)s.", "%(num)s hours instead of %(before)s.", now, before=before
        )
    ]


def _languages(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """One sentence for all that came, and one for all that went."""
    added = ", ".join(language_name(code) for code in now if code not in before)
    gone = ", ".join(language_name(code) for code in before if code not in now)
    return [
        *([_("Now also in %(languages)s", languages=added)] if added else []),
        *([_("Not in %(languages)s any more", languages=gone)] if gone else []),
    ]


def _parts(before: Sequence[str], now: Sequence[str], added: str, gone: str) -> list[str]:
    """What came and what went; a mere change of order is none."""
    return [
        *(added.replace("%s", one) for one in now if one not in before),
        *(gone.replace("%s", one) for one in before if one not in now),
    ]
