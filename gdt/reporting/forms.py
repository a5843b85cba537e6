"""What is typed about rounds and reports."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from gdt.forms import BaseForm
from gdt.impact.period_words import OFFERED
from gdt.partners.standing import KINDS
from gdt.reporting.choosing import OTHER_DAYS, chosen_period
from gdt.reporting.finding_models import FindingState
from gdt.training.forms import TickboxesField

WORDS = Length(max=2000)


class RoundForm(BaseForm):
    """A new round: a year or a part of one, of all institutions or of some kinds."""

    year = IntegerField(
        _("Year"),
        [
            InputRequired(_("Give the year, such as 2026.")),
            NumberRange(1, 9999, message=_("Give the year, such as 2026.")),
        ],
    )
    part = SelectField(
        _("What is reported"),
        choices=[
            SelectChoice("", _("The whole year")),
            *(SelectChoice(part, words) for part, words in OFFERED.items()),
            SelectChoice(OTHER_DAYS, _("Other days of the year")),
        ],
        default="",
    )
    starts_on = DateField(_("First day"), [Optional()], description=_("Only for other days of the year."))
    ends_on = DateField(_("Last day"), [Optional()], description=_("Only for other days of the year."))
    kinds = TickboxesField(
        _("Kinds of institutions"),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        description=_("Tick none to ask all of them. No institution reports the same day twice."),
    )
    due_on = DateField(
        _("Due on"),
        [InputRequired(_("Give the last day that is in time."))],
        description=_("Reports sent by the end of this day are in time."),
    )

    def round(self) -> dict[str, Any]:
        """What `open_round` is told; raises DomainError where no period is chosen."""
        return {
            "period": chosen_period(
                year=self.year.data or 0,
                part=self.part.data or "",
                starts_on=self.starts_on.data,
                ends_on=self.ends_on.data,
            ),
            "due_on": self.due_on.data,
            "kinds": self.kinds.data or [],
        }


class DueForm(BaseForm):
    due_on = DateField(
        _("Due on"),
        [InputRequired(_("Give the last day that is in time."))],
        description=_("Reports that were sent already are judged by the new day, too."),
    )


class SubmitForm(BaseForm):
    """The confirmation before a report is sent."""

    answer = TextAreaField(_("Your answer to the office"), [Optional(), WORDS])
    is_true = BooleanField(
        _("I have looked at these figures, and they are right"),
        [InputRequired(_("Look at the figures, and tick this."))],
    )
    seen = HiddenField()


class QueryForm(BaseForm):
    question = TextAreaField(
        _("Question to the institution"),
        [InputRequired(_("Write what you want to know.")), WORDS],
        description=_("The institution answers it when it sends the report again."),
    )


class ApproveForm(BaseForm):
    seen = HiddenField()


class AskForm(BaseForm):
    reason = TextAreaField(
        _("What is wrong, and why"),
        [InputRequired(_("Say what is wrong, and how it came about.")), WORDS],
    )


class AnswerForm(BaseForm):
    """The office's answer to a request for a late correction."""

    outcome = RadioField(
        _("Your answer"),
        [InputRequired(_("Choose one."))],
        choices=[SelectChoice("grant", _("Let them correct")), SelectChoice("decline", _("Decline"))],
    )
    days = IntegerField(
        _("For how many days"),
        [Optional(), NumberRange(1, 60, message=_("Give from 1 to 60 days."))],
        default=7,
        description=_("Today included. Then the rows are locked again."),
    )
    answer = TextAreaField(_("A sentence to the institution"), [Optional(), WORDS])


class LookForm(BaseForm):
    """What came of looking at a finding."""

    state = RadioField(
        _("What came of it"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice(FindingState.FINE.value, _("It is fine")),
            SelectChoice(FindingState.TO_CORRECT.value, _("It has to be corrected")),
        ],
    )
    note = TextAreaField(
        _("What you looked at"), [InputRequired(_("Say in a sentence what you looked at.")), WORDS]
    )
