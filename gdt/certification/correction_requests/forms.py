"""What is typed about corrections: by the holder, by the partner, by the office."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from gdt.certification.editions.corrections import CORRECTABLE
from gdt.certification.wording import FACTS
from gdt.forms import BaseForm

OTHER = "other"
_ADDRESS = r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+"


class ComplaintForm(BaseForm):
    fact = SelectField(_("What is wrong"))
    wanted = StringField(
        _("How it should read"),
        [InputRequired(_("Write it exactly as it should be printed.")), Length(max=400)],
    )
    why = TextAreaField(
        _("Why"), [InputRequired(_("Say in a sentence how the mistake came about.")), Length(max=1000)]
    )
    evidence = FileField(
        _("A document that shows it"), description=_("A PDF, a JPEG or a PNG of at most 5 MB.")
    )
    contact = EmailField(
        _("Your e-mail address"),
        [Optional(), Length(max=254), Regexp(_ADDRESS, message=_("This is not an e-mail address."))],
        description=_("Only for a question about this; your certificate goes to the address we know."),
    )

    def __init__(self, formdata: Any = None, *, facts: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        printed = [(name, f"{FACTS[name]}: {facts[name]}") for name in CORRECTABLE if facts.get(name)]
        missing = [(name, FACTS[name]) for name in ("native_name",) if not facts.get(name)]
        choose = [("", gettext("Choose what is wrong"))]
        self.fact.choices = [*choose, *printed, *missing, (OTHER, gettext("Something else"))]

    def validate_fact(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(gettext("Choose what is wrong."))


class WordsForm(BaseForm):
    words = TextAreaField(_("Comment"), [InputRequired(_("Write a sentence first.")), Length(max=2000)])


class AnswerForm(WordsForm):
    """One form, one sentence, and the button that says what it is: replace, refuse or ask back."""

    words = TextAreaField(
        _("Your answer"),
        [InputRequired(_("Write a sentence first.")), Length(max=2000)],
        id="answer-words",
    )
    text = StringField(_("How it will read"), [Length(max=400)])
    corrects_record = BooleanField(_("Put the person's own record right as well"), default=True)
    compared = BooleanField(_("I have compared what is printed with what will be printed"))
    act = HiddenField()

    def validate_compared(self, field: BooleanField) -> None:
        if self.act.data == "replace" and not field.data:
            raise ValidationError(gettext("Compare both lines, and tick this."))
