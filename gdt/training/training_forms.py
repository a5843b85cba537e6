"""What is typed about teacher trainings and those who take part."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from gdt.forms import BaseForm
from gdt.people.forms import GENDERS
from gdt.training.forms import TickboxesField
from gdt.training.models import Mode
from gdt.training.trainings import TrainingPlan
from gdt.training.words import MODES


class TrainingForm(BaseForm):
    """A training as it is planned."""

    title = StringField(
        _("Title"),
        [InputRequired(_("Give the training a title.")), Length(max=160)],
        description=_("Such as Train the trainer, Kuala Lumpur 2026."),
    )
    modules = TickboxesField(_("Modules"), [InputRequired(_("Choose at least one module."))], coerce=int)
    starts_on = DateField(_("First day"), [InputRequired(_("Give the first day, such as 2 Feb 2026."))])
    ends_on = DateField(
        _("Last day"),
        [InputRequired(_("Give the last day, such as 6 Feb 2026."))],
        description=_("Qualifications are valid from this day."),
    )
    mode = RadioField(
        _("Mode"),
        [InputRequired(_("Choose how it is taught."))],
        choices=[SelectChoice(mode.value, label) for mode, label in MODES.items()],
    )
    host = SelectField(_("Host institution"), description=_("Where it takes place, if at a partner."))
    trainers = StringField(
        _("Trainers"),
        [InputRequired(_("Name the trainers.")), Length(max=400)],
        description=_("Names, separated by commas."),
    )

    def offer(self, modules: list[tuple[int, str]], hosts: list[tuple[str, str]]) -> None:
        """Put the modules and the possible hosts before the person."""
        self.modules.choices = [SelectChoice(*choice) for choice in modules]
        self.host.choices = [SelectChoice("", _("None")), *(SelectChoice(*choice) for choice in hosts)]

    def plan(self) -> TrainingPlan:
        """What was typed, as the service takes it."""
        return TrainingPlan(
            title=self.title.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            mode=Mode(self.mode.data),
            trainers=self.trainers.data or "",
            module_ids=frozenset(self.modules.data or ()),
        )


class ChooseInstitutionForm(BaseForm):
    """Whose teachers; it is sent as a GET, so it carries no token."""

    institution = SelectField(_("Institution"))

    def offer(self, institutions: list[tuple[str, str]]) -> None:
        """Put the institutions before the person."""
        self.institution.choices = [SelectChoice(*choice) for choice in institutions]


class ParticipantsForm(BaseForm):
    """Teachers of one institution: those it has, or one who is typed."""

    teachers = TickboxesField(_("Teachers of the institution"), coerce=int)
    printed_name = StringField(
        _("Full name"), [Optional()], description=_("Exactly as certificates will print it.")
    )
    native_name = StringField(_("Name in own script"), [Optional()])
    own_number = StringField(_("Staff number"), [Optional()])
    email = EmailField(
        _("E-mail"), [Optional()], description=_("Lets the register know the person again next time.")
    )
    gender = SelectField(_("Gender"), choices=GENDERS, description=_("As the person says; for totals only."))

    def offer(self, teachers: list[tuple[int, str]]) -> None:
        """Put the teachers who do not take part yet before the person."""
        self.teachers.choices = [SelectChoice(*choice) for choice in teachers]

    def typed(self) -> dict[str, str | None]:
        """What was typed of a new teacher."""
        return {name: value for name, value in self.values().items() if name != "teachers"}
