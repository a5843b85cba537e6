"""What the office types when it renews a qualification."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from gdt.forms import BaseForm


class RenewalForm(BaseForm):
    why = StringField(
        _("Why"),
        [DataRequired(_("Say why in a sentence.")), Length(max=300)],
        description=_("Such as: taught three cohorts in the last two years."),
    )
