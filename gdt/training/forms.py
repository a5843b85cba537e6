"""What is typed about cohorts, students and rosters."""

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from gdt.filters import language_name
from gdt.forms import BaseForm
from gdt.people.forms import GENDERS
from gdt.training.models import Mode
from gdt.training.plans import CohortPlan
from gdt.training.words import LANGUAGES, MODES


class TickboxesField(SelectMultipleField):
    """Several choices, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AttendanceForm(BaseForm):
    """The figure for everybody who was given none; those who were are typed line by line."""

    others = StringField(
        _("Everybody whose field is empty, %"),
        [Optional(), Length(max=5)],
        description=_("Such as 100; then type only the others below."),
        render_kw={"inputmode": "numeric"},
    )


class ChooseCourseForm(BaseForm):
    """The first step: where, and which course. It is sent as a GET, so it carries no token."""

    institution = SelectField(_("Institution"))
    course = SelectField(_("Course"))

    def offer(self, institutions: list[tuple[str, str]], courses: list[tuple[str, str]]) -> None:
        """Put the institutions and the courses before the person."""
        self.institution.choices = [SelectChoice(*choice) for choice in institutions]
        self.course.choices = [SelectChoice(*choice) for choice in courses]


class CohortForm(BaseForm):
    """How a cohort is taught; the modules and teachers to choose from are offered by the view."""

    modules = TickboxesField(_("Modules"), [InputRequired(_("Choose at least one module."))], coerce=int)
    teachers = TickboxesField(
        _("Teachers"),
        [InputRequired(_("Choose at least one teacher."))],
        coerce=int,
        description=_("A teacher needs a qualification for the module that is valid on the first day."),
    )
    term = StringField(
        _("Term"),
        [InputRequired(_("Name the term, such as Autumn 2026.")), Length(max=60)],
        description=_("As your timetable has it, such as Autumn 2026."),
    )
    starts_on = DateField(_("First day"), [InputRequired(_("Give the first day, such as 2 Feb 2026."))])
    ends_on = DateField(_("Last day"), [InputRequired(_("Give the last day, such as 30 Jun 2026."))])
    mode = RadioField(
        _("Mode"),
        [InputRequired(_("Choose how it is taught."))],
        choices=[SelectChoice(mode.value, label) for mode, label in MODES.items()],
    )
    language = SelectField(_("Language of teaching"), default="en")

    def offer(self, modules: list[tuple[int, str]], teachers: list[tuple[int, str]]) -> None:
        """Put the modules of the course and the teachers of the institution before the person."""
        self.modules.choices = [SelectChoice(*choice) for choice in modules]
        self.teachers.choices = [SelectChoice(*choice) for choice in teachers]
        self.language.choices = [SelectChoice(code, language_name(code)) for code in LANGUAGES]

    def plan(self) -> CohortPlan:
        """What was typed, as the service takes it."""
        return CohortPlan(
            module_ids=frozenset(self.modules.data or ()),
            teacher_ids=frozenset(self.teachers.data or ()),
            term=self.term.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            mode=Mode(self.mode.data),
            language=self.language.data,
        )


class StudentForm(BaseForm):
    """One person, as the certificate will print her."""

    printed_name = StringField(
        _("Full name"),
        [InputRequired(_("Write the name as it should be printed."))],
        description=_("Exactly as the certificate will print it."),
    )
    native_name = StringField(_("Name in own script"), [Optional()])
    own_number = StringField(_("Student number"), [Optional()])
    email = EmailField(
        _("E-mail"),
        [Optional()],
        description=_("A number or an e-mail lets the register know the person again next time."),
    )
    gender = SelectField(_("Gender"), choices=GENDERS, description=_("As the person says; for totals only."))
