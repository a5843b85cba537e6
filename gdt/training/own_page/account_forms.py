"""What is typed to give a teacher an account: for which of her institutions."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from gdt.forms import BaseForm


class TeacherAccountForm(BaseForm):
    institution = SelectField(
        _("Institution"), description=_("She sees her own cohorts there, and nothing else of it.")
    )
