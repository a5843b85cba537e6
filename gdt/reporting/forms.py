"""What is typed about rounds and reports."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from gdt.forms import BaseForm
from gdt.reporting.finding_models import FindingState

WORDS = Length(max=2000)


class RoundForm(BaseForm):
    """A new round."""

    year = IntegerField(_("Year"), [InputRequired(_("Give the year, such as 2026."))])
    due_on = DateField(
        _("Due on"),
        [InputRequired(_("Give the last day that is in time."))],
        description=_("Reports sent by the end of this day are in time."),
    )


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
