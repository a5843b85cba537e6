"""What is typed about users: who they are, what they may do, and why they may not."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import EmailField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from gdt.access import GIVES, ROLE_LABELS, Role, Viewer
from gdt.accounts.forms import ADDRESS
from gdt.forms import BaseForm


class UserForm(BaseForm):
    name = StringField(_("Name"), [InputRequired(_("Enter the person's name.")), Length(max=200)])
    role = SelectField(_("Role"), coerce=Role)
    institution = SelectField(
        _("Institution"),
        description=_("For a partner coordinator only: she sees this institution and no other."),
    )
    regions = SelectMultipleField(
        _("Only these regions"),
        description=_(
            "For a programme officer who works for some regions: she sees and does what is in them. "
            "None ticked means the whole programme."
        ),
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def offer(
        self, giver: Viewer, institutions: Iterable[tuple[str, str]], regions: Iterable[tuple[str, str]]
    ) -> None:
        """Put in what the giver may give; what is no choice at all is not asked for."""
        roles = [role for role in Role if role in GIVES[giver.role] and not role.is_of_one_person]
        places = [SelectChoice(code, name) for code, name in institutions]
        if any(not role.is_of_one_institution for role in roles):
            places.insert(0, SelectChoice("", _("None: the GDT office")))
        self.role.choices = [SelectChoice(role.value, ROLE_LABELS[role]) for role in roles]
        self.institution.choices = places
        self.regions.choices = [SelectChoice(code, name) for code, name in regions]
        if not any(role.can_be_limited for role in roles):
            del self.regions


class InvitationForm(UserForm):
    email = EmailField(
        _("E-mail address"),
        [
            InputRequired(_("Enter an e-mail address.")),
            Length(max=254),
            Regexp(ADDRESS, message=_("This is not an e-mail address.")),
        ],
        description=_("The invitation goes there; it is also the name to sign in with."),
    )


class ReasonForm(BaseForm):
    reason = TextAreaField(
        _("Why"),
        [InputRequired(_("Say why in a sentence.")), Length(max=300)],
        description=_("It is kept in the trail, for whoever asks later."),
        render_kw={"rows": 2},
    )
