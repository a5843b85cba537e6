"""What is typed to make a partner a witness of the log."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from gdt.accounts.forms import ADDRESS
from gdt.forms import BaseForm


class WitnessForm(BaseForm):
    institution = SelectField(_("Institution"), [InputRequired(_("Choose the institution."))])
    email = EmailField(
        _("E-mail address"),
        [
            InputRequired(_("Enter an e-mail address.")),
            Length(max=254),
            Regexp(ADDRESS, message=_("This is not an e-mail address.")),
        ],
        description=_(
            "One mail a day goes there, with a link to stop it. An archive nobody deletes from is best."
        ),
    )

    def offer(self, institutions: list[tuple[str, str]]) -> None:
        """Put the institutions into the list; a coordinator has one only."""
        self.institution.choices = [SelectChoice(code, name) for code, name in institutions]
