"""What people type to sign in and about their own account."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from gdt.forms import BaseForm

ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"


class SignInForm(BaseForm):
    email = EmailField(_("E-mail address"), [InputRequired(_("Enter your e-mail address."))])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])
    next = HiddenField()


class ForgottenForm(BaseForm):
    email = EmailField(_("E-mail address"), [InputRequired(_("Enter your e-mail address.")), Length(max=254)])


class NewPasswordForm(BaseForm):
    password = PasswordField(
        _("New password"),
        [InputRequired(_("Enter a password."))],
        description=_("At least 10 characters. Three or four words make a good one."),
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_("Current password"), [InputRequired(_("Enter your current password."))])


class OwnPasswordForm(BaseForm):
    """The password once more, before something that must be the owner's own doing."""

    password = PasswordField(_("Your password"))


class CodeForm(BaseForm):
    code = StringField(_("Code"), [InputRequired(_("Enter the code.")), Length(max=40)])


class PasskeyForm(BaseForm):
    name = StringField(
        _("Name of the passkey"),
        [InputRequired(_("Give it a name, such as the device it is in.")), Length(max=60)],
        description=_("So that you know it again later: My phone, Office laptop."),
    )
    answer = HiddenField()
