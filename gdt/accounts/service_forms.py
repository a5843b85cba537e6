"""What an administrator types about an institution's own sign-in."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from gdt.forms import BaseForm


class ServiceForm(BaseForm):
    issuer = StringField(
        _("Issuer"),
        [
            InputRequired(_("Enter the provider's address.")),
            Length(max=300),
            Regexp(r"https?://[^\s?#]+$", message=_("An address such as https://login.example.edu.")),
        ],
        description=_("The provider's address exactly as its own description has it."),
    )
    client_id = StringField(
        _("Client"), [InputRequired(_("Enter the name the provider gave us.")), Length(max=300)]
    )
    secret = PasswordField(
        _("Secret"),
        [Length(max=500)],
        description=_("Kept sealed and never shown. Leave it empty to keep the one there is."),
    )
    mail_domain = StringField(
        _("Mail domain"),
        [
            InputRequired(_("Enter the domain of the institution's addresses.")),
            Length(max=253),
            Regexp(r"[^@\s/]+\.[^@\s/.]+$", message=_("A domain such as example.edu, without the @.")),
        ],
        description=_("The institution may speak for addresses of this domain and no other."),
    )
    is_on = BooleanField(_("Offer it on the sign-in page"))
