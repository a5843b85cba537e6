"""What is typed about community projects."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from gdt.community.models import ProjectKind
from gdt.community.words import KINDS
from gdt.forms import BaseForm

WORDS = Length(max=2000)
SHOWN = _("Everybody who can be recognised in the pictures agrees that they are shown in public")
_COUNT = NumberRange(0, 10_000_000, message=_("Give a number from 0 to 10,000,000."))


def _how_many(label: str, help_: str = "") -> IntegerField:
    return IntegerField(label, [InputRequired(_("Give a number; 0 if none.")), _COUNT], description=help_)


class ProjectForm(BaseForm):
    """What a project is, when it was, and whom it reached."""

    kind = RadioField(
        _("Kind"),
        [InputRequired(_("Choose one."))],
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        coerce=ProjectKind,
        default=ProjectKind.COMMUNITY_PROJECT,
    )
    title = StringField(_("Title"), [DataRequired(_("Give it a title.")), Length(max=150)])
    story = TextAreaField(
        _("Story"),
        [DataRequired(_("Tell what was done, and what came of it.")), Length(max=6000)],
        description=_(
            "Who did what for whom, and what came of it. Plain text; an empty line begins a paragraph. Name "
            "nobody who has not agreed."
        ),
    )
    starts_on = DateField(
        _("First day"),
        [InputRequired(_("Give the day it began."))],
        description=_("It counts in the year of this day."),
    )
    ends_on = DateField(
        _("Last day"), [Optional()], description=_("Leave it empty while the project goes on.")
    )
    people_taking_part = _how_many(_("People taking part"), _("Students and teachers who did the work."))
    people_helped = _how_many(_("People helped"), _("People outside the institution for whom it was done."))
    products_helped = _how_many(_("Local products helped"))
    businesses_helped = _how_many(_("Businesses helped"))
    may_be_shown = BooleanField(
        SHOWN, description=_("Without this the project can count, but is not shown in public.")
    )


class NewProjectForm(ProjectForm):
    """The same, of an institution that is chosen."""

    institution_code = SelectField(_("Institution"))


class PlaceForm(BaseForm):
    """One place; coordinates put it on a map."""

    name = StringField(
        _("Name of the place"),
        [DataRequired(_("Write the name of the village, town or state.")), Length(max=100)],
    )
    country_code = SelectField(_("Country"))
    latitude = DecimalField(
        _("Latitude"),
        [Optional(), NumberRange(-90, 90, message=_("A latitude lies between -90 and 90."))],
        description=_("In degrees, such as 4.3085; south is negative."),
    )
    longitude = DecimalField(
        _("Longitude"),
        [Optional(), NumberRange(-180, 180, message=_("A longitude lies between -180 and 180."))],
        description=_("In degrees, such as 101.1537; west is negative."),
    )


class PictureForm(BaseForm):
    """One picture, and what it shows."""

    picture = FileField(
        _("Picture"),
        description=_("JPEG, PNG or WebP of at most 10 MB. The place a phone noted is left out."),
    )
    alt = StringField(
        _("What it shows"),
        [DataRequired(_("Say in a sentence what the picture shows.")), Length(max=300)],
        description=_("For people who do not see it: “Students pack dried mango for the market”."),
    )


class EvidenceForm(BaseForm):
    """One file for the office."""

    evidence = FileField(
        _("File"), description=_("A PDF, JPEG or PNG of at most 10 MB. Only you and the office see it.")
    )


class SendForm(BaseForm):
    """The confirmation before a project is sent."""

    answer = TextAreaField(_("Your answer to the office"), [Optional(), WORDS])
    is_true = BooleanField(
        _("It happened as it is written here"), [InputRequired(_("Read it through, and tick this."))]
    )


class ReviewForm(BaseForm):
    """What the office makes of a claim."""

    outcome = RadioField(
        _("Your answer"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice("count", _("Count it")),
            SelectChoice("ask", _("Ask back")),
            SelectChoice("decline", _("Decline")),
        ],
    )
    words = TextAreaField(
        _("Your question, or why it does not count"),
        [Optional(), WORDS],
        description=_("The institution reads it on the project."),
    )


class TakeOutForm(BaseForm):
    words = TextAreaField(
        _("Why it counts no more"), [InputRequired(_("Say why, so that the institution understands.")), WORDS]
    )


class ShowingForm(BaseForm):
    may_be_shown = BooleanField(SHOWN)
