"""What is typed to report a number without names."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from gdt.forms import BaseForm
from gdt.training.headcounts import MOST, Claim
from gdt.training.models import HeadcountMeasure
from gdt.training.words import MEASURES


class HeadcountForm(BaseForm):
    """A number, what it counts, and what shows that it is true."""

    measure = SelectField(
        _("What is counted"), choices=[SelectChoice(m.value, label) for m, label in MEASURES.items()]
    )
    module = SelectField(_("Module"), coerce=int)
    year = IntegerField(_("Year"), [InputRequired(_("Give the year, such as 2021."))])
    people = IntegerField(
        _("People"),
        [
            InputRequired(_("Give the number of people.")),
            NumberRange(1, MOST, message=_("Give a number from 1 to 1,000,000.")),
        ],
        description=_("Only people who are in no roster: nobody should be counted twice."),
    )
    evidence = TextAreaField(
        _("Evidence"),
        [InputRequired(_("Say what shows the number, such as the signed list and where it is kept."))],
        description=_("What shows the number, and where the office can see it."),
    )

    def offer(self, modules: list[tuple[int, str]]) -> None:
        """Put the modules before the person."""
        self.module.choices = [SelectChoice(*choice) for choice in modules]

    def claim(self) -> Claim:
        """What was typed, as the service takes it."""
        return Claim(
            module_id=self.module.data,
            year=self.year.data or 0,
            measure=HeadcountMeasure(self.measure.data),
            people=self.people.data or 0,
            evidence=self.evidence.data or "",
        )
