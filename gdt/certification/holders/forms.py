"""What a holder types on her own page."""

import re

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import Length, ValidationError

from gdt.forms import BaseForm

# A page under our name links only to where people keep profiles, never to any place somebody likes.
_PROFILE = re.compile(
    r"https://(?:[a-z]{2,3}\.)?(?:linkedin\.com/in/[\w%.-]{1,100}|orcid\.org/[\dX-]{19}|github\.com/[\w-]{1,39})/?",
    re.ASCII,
)


class ChoiceForm(BaseForm):
    shows_others = BooleanField(_("Show my other certificates"))
    profile_url = StringField(
        _("Link to my profile"),
        [Length(max=200)],
        description=_(
            "An address at linkedin.com, orcid.org or github.com, such as https://www.linkedin.com/in/…"
        ),
    )

    def validate_profile_url(self, field: StringField) -> None:
        if field.data and not _PROFILE.fullmatch(field.data.replace("https://www.", "https://")):
            raise ValidationError(gettext("Give an address at linkedin.com, orcid.org or github.com."))
