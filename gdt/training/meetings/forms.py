"""What the office types about the meetings of a training."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from gdt.forms import BaseForm
from gdt.training.models import Module


class MeetingForm(BaseForm):
    title = StringField(_("Title"), [DataRequired(_("Give the meeting a title.")), Length(max=150)])
    on = DateField(_("Day"), [InputRequired(_("Give the day."))])
    begins = TimeField(_("Begins"), [InputRequired(_("Give the hour, such as 14:00."))])
    ends = TimeField(_("Ends"), [InputRequired(_("Give the hour, such as 16:00."))])
    module = SelectField(_("Module"))
    place = StringField(_("Room or link"), [Length(max=200)])

    def offer(self, modules: list[Module]) -> None:
        """Put the modules of the training before the person."""
        choices = [SelectChoice(str(module.id), module.title) for module in modules]
        self.module.choices = [SelectChoice("", _("None in particular")), *choices]

    def typed(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        values = self.values()
        module = values.pop("module")
        return values | {"module_id": int(module) if module else None, "place": values["place"] or ""}


class DayForm(BaseForm):
    """The day whose attendance is recorded; it is sent as a GET first, so it carries no token."""

    day = DateField(_("Day"), [InputRequired(_("Choose the day."))])
