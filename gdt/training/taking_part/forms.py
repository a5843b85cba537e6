"""What is typed about places in a training: the office's offer, an answer, and the teachers who are named."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from gdt.forms import BaseForm
from gdt.partners.time_zones import zone_name
from gdt.training.forms import TickboxesField
from gdt.training.training_forms import ParticipantsForm

_PLACES = NumberRange(1, 2000, _("Give a number from 1 to 2,000."))


class OfferForm(BaseForm):
    places = IntegerField(
        _("Places"), [Optional(), _PLACES], description=_("Leave it empty where there is no limit.")
    )
    name_until = DateField(
        _("Teachers are named until"), [Optional()], description=_("A day before the training begins.")
    )
    time_zone = SelectField(
        _("Clock of the timetable"), description=_("Everybody else reads it by the own clock.")
    )

    def offer(self, zones: list[str]) -> None:
        """Put the zones of the programme's countries before the person."""
        self.time_zone.choices = [SelectChoice(zone, f"{zone_name(zone)} ({zone})") for zone in zones]


class InvitationForm(BaseForm):
    institutions = TickboxesField(
        _("Institutions"), [InputRequired(_("Choose at least one institution."))], coerce=int
    )
    places = IntegerField(
        _("Places for each"),
        [InputRequired(_("Give the number of places.")), _PLACES],
        description=_("Kept for the institution until it declines."),
    )

    def offer(self, institutions: list[tuple[int, str]]) -> None:
        """Put the institutions before the person."""
        self.institutions.choices = [SelectChoice(*choice) for choice in institutions]


class DeclineForm(BaseForm):
    reason = StringField(
        _("Why"), [DataRequired(_("Say why in a sentence; the office plans with it.")), Length(max=400)]
    )


class NamingForm(ParticipantsForm):
    """Teachers of the institution, or one who is typed."""

    may_wait = BooleanField(_("Where there are not enough places, the others wait until one comes free"))
