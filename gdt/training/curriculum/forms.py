"""What the office types about modules, courses, their versions and materials."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from gdt.filters import language_name
from gdt.forms import BaseForm
from gdt.training.forms import TickboxesField
from gdt.training.words import LANGUAGES

LONGEST_OUTCOME, MOST_OUTCOMES = 200, 20


class VersionForm(BaseForm):
    """What a version says, whether of a module or of a course."""

    label = StringField(
        _("Version"),
        [DataRequired(_("Name the version, such as 3 or 2027.")), Length(max=20)],
        description=_("Short, such as 3 or 2027."),
    )
    summary = TextAreaField(
        _("Summary"),
        [DataRequired(_("Say in a few sentences what it is about.")), Length(max=3000)],
        render_kw={"rows": 4},
    )
    outcomes = TextAreaField(
        _("Learning outcomes"),
        [DataRequired(_("Write what somebody can do afterwards, one on each line."))],
        description=_("One on each line, such as: Plan a campaign across two channels."),
        render_kw={"rows": 6},
    )
    languages = TickboxesField(_("Languages"), [InputRequired(_("Choose the languages it is taught in."))])
    changes = TextAreaField(
        _("What is new"),
        [Optional(), Length(max=1000)],
        description=_(
            "A sentence for teachers who know the version before. Not needed for the first version."
        ),
        render_kw={"rows": 2},
    )

    def offer(self, modules: list[tuple[int, str]] | None = None) -> None:
        """Put the languages of the programme before the person."""
        self.languages.choices = [SelectChoice(code, language_name(code)) for code in LANGUAGES]

    def validate_outcomes(self, field: TextAreaField) -> None:
        lines = outcomes_in(field.data)
        if len(lines) > MOST_OUTCOMES:
            raise ValidationError(str(_("Write %(n)s outcomes at most.", n=MOST_OUTCOMES)))
        if any(len(line) > LONGEST_OUTCOME for line in lines):
            raise ValidationError(str(_("Write each outcome in %(n)s letters at most.", n=LONGEST_OUTCOME)))

    def said(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        return self.values() | {
            "outcomes": outcomes_in(self.outcomes.data),
            "languages": list(self.languages.data or ()),
            "changes": self.changes.data or "",
        }


def outcomes_in(typed: str | None) -> list[str]:
    """The outcomes of a text, one on each line."""
    return list(dict.fromkeys(line.strip() for line in (typed or "").splitlines() if line.strip()))


class ModuleVersionForm(VersionForm):
    hours = IntegerField(
        _("Hours"),
        [InputRequired(_("Give its hours.")), NumberRange(1, 2000, _("Give a number from 1 to 2,000."))],
        description=_("Hours of teaching, as certificates print them."),
    )


class CourseVersionForm(VersionForm):
    modules = TickboxesField(_("Modules"), [InputRequired(_("Choose at least one module."))], coerce=int)

    def offer(self, modules: list[tuple[int, str]] | None = None) -> None:
        """Put the languages and the modules before the person."""
        super().offer()
        self.modules.choices = [SelectChoice(*choice) for choice in modules or ()]

    def said(self) -> dict[str, Any]:
        return super().said() | {"modules": frozenset(self.modules.data or ())}


class NamedForm(BaseForm):
    """What never changes of a module or course."""

    code = StringField(
        _("Code"),
        [
            DataRequired(_("Choose a short code.")),
            Regexp(r"(?ai)[A-Z0-9][A-Z0-9-]{0,19}$", message=_("Use up to 20 letters, digits or hyphens.")),
        ],
        description=_("Short and lasting, such as NR: it stands in addresses and files."),
    )
    title = StringField(_("Title"), [DataRequired(_("Give it a title.")), Length(max=120)])


class NewModuleForm(ModuleVersionForm, NamedForm):
    """A module with its first version."""


class NewCourseForm(CourseVersionForm, NamedForm):
    """A course with its first version."""


class PublishForm(BaseForm):
    taught_from = DateField(
        _("Taught from"),
        [InputRequired(_("Give the day from which it is taught."))],
        description=_(
            "Who begins on this day or later is taught this version; who began before keeps theirs."
        ),
    )


class RetireForm(BaseForm):
    taught_until = DateField(
        _("Last day to begin"), [InputRequired(_("Give the last day on which somebody may begin."))]
    )
    why = StringField(_("Why"), [DataRequired(_("Say why in a sentence.")), Length(max=300)])


class MaterialForm(BaseForm):
    title = StringField(_("Title"), [DataRequired(_("Give it a title.")), Length(max=150)])
    language = SelectField(_("Language"), default="en")
    file = FileField(
        _("File"),
        description=_("A PDF, presentation, text, workbook or picture of at most 10 MB, without macros."),
    )
    url = StringField(
        _("Or a link"),
        [
            Optional(),
            Length(max=400),
            Regexp(r"https://[^\s/]+\S*$", message=_("Write the whole address, beginning with https://")),
        ],
        description=_("For films and what is larger."),
    )

    def offer(self) -> None:
        """Put the languages of the programme before the person."""
        self.language.choices = [SelectChoice(code, language_name(code)) for code in LANGUAGES]
