"""The few questions a participant is asked about a training."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from gdt.forms import BaseForm
from gdt.training.feedback.totals import Pace

PACES = {Pace.TOO_SLOW: _("Too slow"), Pace.RIGHT: _("Right"), Pace.TOO_FAST: _("Too fast")}
USEFULNESS = {1: _("1, not at all"), 2: "2", 3: "3", 4: "4", 5: _("5, very")}


class FeedbackForm(BaseForm):
    usefulness = RadioField(
        _("How useful is it for your teaching?"),
        [InputRequired(_("Choose a number."))],
        choices=[SelectChoice(value, label) for value, label in USEFULNESS.items()],
        coerce=int,
    )
    pace = RadioField(
        _("How was the pace?"),
        [InputRequired(_("Choose one."))],
        choices=[SelectChoice(value.value, label) for value, label in PACES.items()],
        coerce=Pace,
    )
    recommends = RadioField(
        _("Would you recommend it to a colleague?"),
        [InputRequired(_("Choose one."))],
        choices=[SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))],
    )
    words = TextAreaField(
        _("What should stay, and what should change?"),
        [Length(max=2000)],
        description=_("The office reads it without your name."),
    )

    def said(self) -> dict[str, Any]:
        """What was answered, as it is kept."""
        return self.values() | {"recommends": self.recommends.data == "yes", "words": self.words.data or ""}
