"""What people type to sign in, and what the administrator types about users."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from gdt.access import ROLE_LABELS, Role
from gdt.forms import BaseForm

ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"


class SignInForm(BaseForm):
    email = EmailField(_("E-mail address"), [InputRequired(_("Enter your e-mail address."))])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])
    next = HiddenField()


class NewPasswordForm(BaseForm):
    password = PasswordField(
        _("New password"),
        [InputRequired(_("Enter a password."))],
        description=_("At least 10 characters. Three or four words make a good one."),
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_("Current password"), [InputRequired(_("Enter your current password."))])


class UserForm(BaseForm):
    name = StringField(_("Name"), [InputRequired(_("Enter the person's name.")), Length(max=200)])
    role = SelectField(
        _("Role"), choices=[SelectChoice(role.value, ROLE_LABELS[role]) for role in Role], coerce=Role
    )
    institution = SelectField(
        _("Institution"),
        description=_("For a partner coordinator only: she sees this institution and no other."),
    )

    def offer(self, institutions: list[tuple[str, str]]) -> None:
        """Put the institutions into the list, after the empty choice."""
        nobody = SelectChoice("", _("None: the GDT office"))
        self.institution.choices = [nobody, *(SelectChoice(code, name) for code, name in institutions)]


class InvitationForm(UserForm):
    email = EmailField(
        _("E-mail address"),
        [
            InputRequired(_("Enter an e-mail address.")),
            Regexp(ADDRESS, message=_("This is not an e-mail address.")),
        ],
        description=_("The invitation goes there; it is also the name to sign in with."),
    )
