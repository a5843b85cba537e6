"""What is typed about reminders."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from gdt.forms import BaseForm
from gdt.partners.forms import plain


class AnswerForm(BaseForm):
    words = StringField(
        _("What was answered"),
        [DataRequired(_("Write in a sentence what was answered.")), Length(max=300), plain],
        description=_("Such as: They renew for three years; the draft follows in March."),
    )
