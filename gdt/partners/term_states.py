"""The states of an agreement and of its reminders in words, with the shape each is drawn with."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.filters import day as written
from gdt.filters import number
from gdt.partners.agreement_states import GRACE, AgreementState, Life, state_on
from gdt.partners.models import Agreement
from gdt.partners.reminder_models import Audience, ReminderState

STATES = {
    AgreementState.DRAFT: (lazy_gettext("Draft"), "progress"),
    AgreementState.WITHDRAWN: (lazy_gettext("Withdrawn"), "neutral"),
    AgreementState.SIGNED: (lazy_gettext("To come"), "progress"),
    AgreementState.IN_FORCE: (lazy_gettext("In force"), "ok"),
    AgreementState.EXPIRING: (lazy_gettext("Expiring"), "attention"),
    AgreementState.IN_GRACE: (lazy_gettext("In grace"), "attention"),
    AgreementState.LAPSED: (lazy_gettext("Lapsed"), "problem"),
    AgreementState.RENEWED: (lazy_gettext("Ended, renewed"), "neutral"),
    AgreementState.TERMINATED: (lazy_gettext("Terminated"), "problem"),
}

REMINDER_STATES = {
    ReminderState.DUE: (lazy_gettext("Due"), "neutral"),
    ReminderState.SENT: (lazy_gettext("Sent, no answer yet"), "attention"),
    ReminderState.ANSWERED: (lazy_gettext("Answered"), "ok"),
    ReminderState.NOT_NEEDED: (lazy_gettext("Not needed"), "neutral"),
}
AUDIENCES = {
    Audience.OFFICE: lazy_gettext("the office"),
    Audience.INSTITUTION: lazy_gettext("the institution"),
}
_RUNNING = (AgreementState.IN_FORCE, AgreementState.EXPIRING)
_OVER = (AgreementState.LAPSED, AgreementState.TERMINATED)


def word_of(state: AgreementState) -> tuple[str, str]:
    word, shape = STATES[state]
    return str(word), shape


def term_state(term: Agreement, terms: Sequence[Agreement], day: date) -> tuple[str, str]:
    """The word and shape for one term on a day."""
    return word_of(state_on(term.life(terms), day))


def sentence_of(life: Life, day: date) -> tuple[str, str]:
    """The state with the day that matters, and its shape."""
    state = state_on(life, day)
    word, shape = word_of(state)
    if state in _RUNNING and life.agreed_until:
        return _("Terminated, in force until %(day)s", day=written(life.ends_on)), "attention"
    end = life.ends_on + GRACE if state is AgreementState.IN_GRACE else life.ends_on
    begins = _("Signed, begins on %(day)s", day=written(life.starts_on))
    until = _("%(word)s until %(day)s", word=word, day=written(end))
    over = _("%(word)s, last day %(day)s", word=word, day=written(end))
    sentences = dict.fromkeys(_OVER, over) | dict.fromkeys(_RUNNING, until)
    return (sentences | {AgreementState.SIGNED: begins, AgreementState.IN_GRACE: until}).get(
        state, word
    ), shape


def agreed_sentence(teachers: int, students: int) -> str:
    """What is to be reached in a year; 0 means that no number was agreed."""
    facts = {"teachers": number(teachers), "students": number(students)}
    if teachers and students:
        return str(_("%(teachers)s teachers to certify and %(students)s students to train.", **facts))
    if teachers:
        return str(_("%(teachers)s teachers to certify; for students no number was agreed.", **facts))
    if students:
        return str(_("%(students)s students to train; for teachers no number was agreed.", **facts))
    return str(_("No numbers were agreed for this year."))
