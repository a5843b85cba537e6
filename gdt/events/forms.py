"""What is typed about events: plans, lines of the programme, invitations, answers and places."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from gdt.events.models import Way
from gdt.events.words import MODES, WAYS
from gdt.events.zones import ALL_ZONES, HOME, ZONES
from gdt.forms import BaseForm, ConfirmForm, no_address
from gdt.partners.time_zones import zone_name
from gdt.training.models import Mode

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
RESERVED = {"new", "all"}
OTHERS = sorted(ALL_ZONES.difference(ZONES))  # where a country has more than its capital's


def _empty_is_none(typed: Any) -> Any:
    return typed or None


class EventForm(BaseForm):
    title = StringField(_("Title"), [DataRequired(_("Write a title.")), Length(max=150)])
    about = TextAreaField(_("What it is about"), [DataRequired(_("Say what it is about.")), Length(max=4000)])
    mode = RadioField(
        _("How it is held"),
        [InputRequired(_("Choose one."))],
        choices=[SelectChoice(mode.value, MODES[mode]) for mode in (Mode.ON_SITE, Mode.ONLINE, Mode.HYBRID)],
        coerce=lambda typed: Mode(typed) if typed else None,
    )
    place = StringField(
        _("Place"),
        [Length(max=200)],
        filters=[_empty_is_none],
        description=_("The building and the city. Leave it empty if the event is online."),
    )
    online_url = URLField(
        _("Link to take part online"),
        [Length(max=300)],
        filters=[_empty_is_none],
        description=_("Mailed and shown to those who have a place, to nobody else."),
    )
    time_zone = SelectField(_("Time zone"), default=HOME)
    starts_at = DateTimeLocalField(
        _("Starts"), [InputRequired(_("Write the day and time it starts."))], format=MOMENTS
    )
    ends_at = DateTimeLocalField(
        _("Ends"), [InputRequired(_("Write the day and time it ends."))], format=MOMENTS
    )
    places = IntegerField(
        _("Places"),
        [Optional(), NumberRange(1, 100_000)],
        description=_("How many people fit; whoever registers later waits. Leave it empty for no limit."),
    )
    register_until = DateField(_("Registration until"), [Optional()])
    is_for_all = BooleanField(
        _("Anyone may register"),
        default=True,
        description=_("Otherwise only those who are invited."),
    )

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.time_zone.choices = [SelectChoice(zone, zone_name(zone)) for zone in (*ZONES, *OTHERS)]

    def validate_online_url(self, field: StringField) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(str(_("Write the whole address, beginning with https://.")))


class NewEventForm(EventForm):
    code = StringField(
        _("Code"),
        [
            DataRequired(_("Choose a short code.")),
            Regexp(
                r"[A-Za-z0-9][A-Za-z0-9-]{1,39}$",
                message=_("Use 2 to 40 letters, digits or hyphens, such as conference-2023."),
            ),
        ],
        description=_("Stands in the address of its page and never changes."),
    )

    def validate_code(self, field: StringField) -> None:
        if (field.data or "").lower() in RESERVED:
            raise ValidationError(str(_("This word is used by the system. Choose another code.")))


class SessionForm(BaseForm):
    title = StringField(_("What"), [DataRequired(_("Write what it is.")), Length(max=150)])
    starts_at = DateTimeLocalField(_("Starts"), [InputRequired(_("Write when it starts."))], format=MOMENTS)
    ends_at = DateTimeLocalField(_("Ends"), [InputRequired(_("Write when it ends."))], format=MOMENTS)
    speaker = StringField(_("Who speaks"), [Length(max=200)], filters=[_empty_is_none])
    room = StringField(_("Room"), [Length(max=100)], filters=[_empty_is_none])


class _Ticks(SelectMultipleField):
    """Several choices as boxes, which work without a script and on a telephone."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class InviteForm(BaseForm):
    institutions = _Ticks(
        _("Institutions"), description=_("Their coordinators are mailed; each answers by a link.")
    )
    people = TextAreaField(
        _("Other people"),
        [Length(max=40_000)],
        description=_("One on each line: name, comma, e-mail address."),
    )


class GivenForm(BaseForm):
    agreements = _Ticks(_("Agreements signed there"), coerce=int)
    awards = _Ticks(_("Awards given there"), coerce=int)


class CancelForm(ConfirmForm):
    reason = StringField(
        _("Reason"), [DataRequired(_("Say why, for those who wanted to come.")), Length(max=400)]
    )


class PlaceForm(BaseForm):
    """What somebody types who wants a place."""

    name = StringField(
        _("Your name"),
        [DataRequired(_("Write your name.")), Length(max=200), no_address],
        description=_("As it should stand on the list."),
    )
    email = EmailField(
        _("E-mail address"),
        [
            DataRequired(_("Write your e-mail address.")),
            Length(max=254),
            Regexp(
                r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+$",
                message=_("Write a whole e-mail address, such as name@example.org"),
            ),
        ],
        description=_("The link to your place is mailed there."),
    )
    organisation = StringField(
        _("Institution or organisation"),
        [Length(max=200)],
        filters=[_empty_is_none],
        description=_("By its full name, so that your coordinator finds you on the list."),
    )
    way = RadioField(_("How will you take part?"), [InputRequired(_("Choose one."))])

    def offer(self, ways: Sequence[Way]) -> None:
        """The ways this event offers; a single one needs no question."""
        _offer_ways(self, ways)


class AnswerForm(BaseForm):
    """What somebody answers to an invitation."""

    answer = RadioField(
        _("Are you coming?"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice("yes", _("Yes, I am coming")),
            SelectChoice("no", _("No, I cannot come")),
        ],
    )
    name = StringField(_("Your name"), [DataRequired(_("Write your name.")), Length(max=200), no_address])
    way = RadioField(_("How will you take part?"), [Optional()])

    def offer(self, ways: Sequence[Way]) -> None:
        _offer_ways(self, ways)


def _offer_ways(form: Any, ways: Sequence[Way]) -> None:
    form.way.choices = [SelectChoice(way.value, WAYS[way]) for way in ways]
    if len(ways) == 1:
        form.way.data = ways[0].value
        form.way.validators = [Optional()]
