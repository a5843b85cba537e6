"""What is typed about being forgotten, and about notices."""

import re
from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from gdt.forms import BaseForm, ConfirmForm
from gdt.privacy.models import Outcome

_COUNT = re.compile(r"\d{1,9}", re.ASCII)
OUTCOMES = [
    SelectChoice(
        Outcome.NUMBER.value,
        _("The certificates stay as numbers: whoever verifies one is told that it was issued, and no name"),
    ),
    SelectChoice(
        Outcome.NOTHING.value,
        _("The certificates stop verifying: their codes lead nowhere, and their badges count as withdrawn"),
    ),
]


class WishForm(BaseForm):
    words = TextAreaField(
        _("Why"),
        [InputRequired(_("Write a sentence.")), Length(max=1000)],
        description=_("Who asked, when and how, such as: by letter of 3 May. It is erased with the person."),
    )


class HolderWishForm(BaseForm):
    words = TextAreaField(
        _("Anything we should know"),
        [Length(max=1000)],
        description=_("You need not say why."),
    )


class ErasureForm(ConfirmForm):
    outcome = RadioField(
        _("What becomes of the certificates"),
        [InputRequired(_("Choose one of the two."))],
        choices=OUTCOMES,
        description=_("Ask the person which of the two. Afterwards nobody can prove whose they were."),
    )


class DeclineForm(BaseForm):
    words = TextAreaField(
        _("The answer"),
        [InputRequired(_("Write why.")), Length(max=1000)],
        description=_("In plain words; the person may ask to see it."),
    )


class NoticeForm(BaseForm):
    text = TextAreaField(
        _("What people are told"),
        [InputRequired(_("Write the notice.")), Length(max=20_000)],
        description=_("Blank lines part paragraphs; a line that begins with # is a heading."),
    )


class PeopleDueForm(ConfirmForm):
    """The typed word before everyone on the list is erased; whoever came onto it since is not."""

    seen = StringField()

    def validate_seen(self, field: StringField) -> None:
        if not _COUNT.fullmatch(field.data or ""):
            raise ValidationError(gettext("Reload the page and look at the list again."))


class ForgetAccountForm(BaseForm):
    reason = TextAreaField(
        _("Why"),
        [InputRequired(_("Say why in a sentence.")), Length(max=300)],
        description=_(
            "It is kept in the trail. Name nobody in it: write, for example, “left the university”."
        ),
        render_kw={"rows": 2},
    )


class LetBackForm(BaseForm):
    email = StringField(_("E-mail address"), [Length(max=254)])
    institution = SelectField(_("Institution"))
    number = StringField(_("Student or staff number there"), [Length(max=40)])

    def offer(self, places: Iterable[tuple[str, str]]) -> None:
        """Put in the institutions the viewer sees."""
        none = SelectChoice("", _("none"))
        self.institution.choices = [none, *(SelectChoice(code, name) for code, name in places)]
