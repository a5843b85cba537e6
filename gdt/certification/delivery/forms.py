"""What is typed about mailed certificates: how many go out again, and what came back with a bounce."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length

from gdt.forms import BaseForm


class SendAgainForm(BaseForm):
    """The count the person saw, so that nobody is mailed who was not on the page."""

    count = IntegerField(_("Mails"), [InputRequired()])


class BounceForm(BaseForm):
    words = TextAreaField(
        _("What came back"),
        [InputRequired(_("Write or paste what the returned mail says.")), Length(max=1000)],
        description=_("The sentence of the returned mail that says why."),
    )
