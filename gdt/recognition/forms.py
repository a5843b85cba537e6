"""What is typed about awards."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from gdt.forms import BaseForm
from gdt.recognition.judging import field_of
from gdt.recognition.models import AwardCall, NomineeKind
from gdt.recognition.words import NOMINEES

WORDS = Length(max=2000)
CATEGORIES = """Academic excellence: for teaching and results that others learn from
Social impact: for what was done for the people around
Innovation: for a new way that works
Inclusiveness: for reaching those who are left out"""
CRITERIA = """What was reached: 10
How many it reached: 10
What others can take over: 10"""


class CallForm(BaseForm):
    """The days of a year’s awards, and what they are given for."""

    opens_on = DateField(_("Nominations from"), [InputRequired(_("Give the first day."))])
    closes_on = DateField(
        _("Nominations until"),
        [InputRequired(_("Give the last day."))],
        description=_("This day is in time."),
    )
    judged_by = DateField(_("Judges judge until"), [InputRequired(_("Give the last day of judging."))])
    categories = TextAreaField(
        _("Categories"),
        [DataRequired(_("Write at least one.")), Length(max=6000)],
        description=_("One a line: its name, a colon, and what it is given for."),
        default=CATEGORIES,
    )
    criteria = TextAreaField(
        _("Criteria"),
        [DataRequired(_("Write at least one.")), Length(max=3000)],
        description=_("One a line: its name, a colon, and the most points a judge can give for it."),
        default=CRITERIA,
    )


class NewCallForm(CallForm):
    """The same, of a year that is chosen."""

    year = IntegerField(
        _("Year"), [InputRequired(_("Give the year, such as 2026.")), NumberRange(2017, 2100)]
    )


class NominationForm(BaseForm):
    """Who is nominated for what, and why."""

    category_id = RadioField(_("Category"), [InputRequired(_("Choose one."))], coerce=int)
    institution_code = SelectField(_("Institution"))
    kind = RadioField(
        _("Who is nominated"),
        [InputRequired(_("Choose one."))],
        choices=[SelectChoice(kind.value, words) for kind, words in NOMINEES.items()],
        coerce=NomineeKind,
        default=NomineeKind.INSTITUTION,
    )
    person = StringField(
        _("Of a lecturer or student: number, e-mail or name"),
        [Optional(), Length(max=254)],
        description=_("As it stands in the register of the institution, under People."),
    )
    may_be_named = BooleanField(
        _("This person agrees to stand on the public honours page by name"),
        description=_("Without this the page says “A lecturer of …”."),
    )
    case_for = TextAreaField(
        _("Why"),
        [DataRequired(_("Say why: the judges read it.")), Length(max=6000)],
        description=_("What was done, when, for whom, and what came of it."),
    )
    project_id = SelectField(_("Community project"), coerce=int, default=0)


class EvidenceForm(BaseForm):
    evidence = FileField(
        _("File"),
        description=_("A PDF, JPEG or PNG of at most 10 MB. You, the office and the judges see it."),
    )


class JudgeForm(BaseForm):
    """Somebody to name as a judge."""

    email = StringField(
        _("E-mail"),
        [DataRequired(_("Write the address she signs in with.")), Length(max=254)],
        description=_("Of the office or of a partner; she is told by mail."),
    )


class JudgingForm(BaseForm):
    """A judge’s answer; `judging_form` adds a field of points for each criterion."""

    comment = TextAreaField(
        _("Your comment"), [DataRequired(_("Say in a sentence why: the office reads it.")), WORDS]
    )
    stands_aside = BooleanField(
        _("I have a conflict of interest and stand aside"),
        description=_("Then no points are needed. Say in the comment what the conflict is."),
    )


class DecisionForm(BaseForm):
    """What the office decides about a nomination."""

    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose one."))],
        choices=[SelectChoice("give", _("Give the award")), SelectChoice("pass", _("Pass over"))],
    )
    reason = TextAreaField(
        _("Why"),
        [DataRequired(_("Say why: the trail keeps it.")), WORDS],
        description=_("For the office and the nominating institution."),
    )
    citation = StringField(
        _("Sentence on the honours page"),
        [Optional(), Length(max=400)],
        description=_("“For …”: anyone can read it."),
    )
    given_on = DateField(
        _("Given on"), [Optional()], description=_("The honours page shows it from this day on.")
    )
    given_at_place = StringField(
        _("Where it is given"),
        [Optional(), Length(max=150)],
        description=_("Stands on the certificate, such as “Annual conference, Singapore”."),
    )


class CertificatesForm(BaseForm):
    seen = IntegerField(validators=[Optional()], widget=HiddenInput())


def judging_form(call: AwardCall) -> type[JudgingForm]:
    """The form of a year’s judges, with its criteria."""
    points = {
        field_of(criterion): IntegerField(
            criterion.name,
            [Optional(), NumberRange(0, criterion.most, message=_("Give from 0 to the most points."))],
            description=_("From 0 to %(most)s points.", most=criterion.most),
        )
        for criterion in call.criteria
    }
    return type("PointsForm", (JudgingForm,), points)
