"""How revocations of many are worded: what becomes of each line, on the page and in the download."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.certification.revoking.models import LineState, RevocationLine

LINE_STATES = {
    LineState.STANDING: (lazy_gettext("To revoke"), "attention", lazy_gettext("It will be revoked.")),
    LineState.REVOKED: (lazy_gettext("Revoked"), "ok", lazy_gettext("This list revoked it.")),
    LineState.BEFORE: (
        lazy_gettext("Revoked before"),
        "neutral",
        lazy_gettext("It was revoked already, and keeps its first reason."),
    ),
    LineState.REPLACED: (
        lazy_gettext("Replaced"),
        "neutral",
        lazy_gettext("Another took its place. Put that number on a list if it shall be revoked."),
    ),
    LineState.TWICE: (
        lazy_gettext("Twice"),
        "neutral",
        lazy_gettext("The same certificate stands on an earlier line."),
    ),
    LineState.UNKNOWN: (
        lazy_gettext("Unknown"),
        "problem",
        lazy_gettext("No certificate has this number or code."),
    ),
    LineState.UNREADABLE: (
        lazy_gettext("Not understood"),
        "problem",
        lazy_gettext("It is neither a number, such as GDT-2026-000123, nor a code."),
    ),
}


def line_state(text: str | None) -> LineState | None:
    """The state of lines a link asks for."""
    return next((state for state in LineState if state.value == text), None)


def line_header() -> Sequence[str]:
    return _("Line"), _("As handed in"), _("Number"), _("State"), _("Why")


def line_row(line: RevocationLine) -> Sequence[str]:
    word, _kind, sentence = LINE_STATES[line.state]
    number = line.certificate.number if line.certificate else ""
    return str(line.line), line.typed, number, str(word), str(sentence)
