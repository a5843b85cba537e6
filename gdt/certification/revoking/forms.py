"""What is typed or handed in to revoke one certificate or many, and what confirms it."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from gdt.certification.numbering import parse_number
from gdt.forms import BaseForm


class ListForm(BaseForm):
    numbers = TextAreaField(
        _("Numbers or codes"),
        description=_("One in a line, as they come: GDT-2026-000123, a code, or a verify address."),
    )
    file = FileField(
        _("Or a file"),
        description=_(
            "A workbook (.xlsx) or .csv file with a column of numbers or codes, or a text; up to 10 MB."
        ),
    )

    def validate_numbers(self, field: TextAreaField) -> None:
        if bool(field.data) == self.has_file:
            raise ValidationError(gettext("Write the numbers here, or choose a file: one of the two."))

    @property
    def has_file(self) -> bool:
        """A form sent without a file holds an empty text in its place."""
        return bool(getattr(self.file.data, "filename", ""))


class RevocationForm(BaseForm):
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Say why these certificates no longer count.")), Length(max=400)],
        description=_("Everyone who verifies one of them will read this sentence, and it is in the mails."),
    )
    tells_holders = BooleanField(
        _("Tell the holders by mail"), description=_("Those with an e-mail address in the register.")
    )
    confirm_word = StringField(_("How many"))

    def __init__(self, formdata: Any = None, *, count: int, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.count = count

    def validate_confirm_word(self, field: StringField) -> None:
        typed = "".join(letter for letter in field.data or "" if letter.isalnum())
        if typed != str(self.count):
            raise ValidationError(
                gettext("Type how many there are, %(count)s, to confirm.", count=self.count)
            )


class RevokeForm(BaseForm):
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Say why this certificate no longer counts.")), Length(max=400)],
        description=_("Everyone who verifies the certificate will read this sentence."),
    )
    confirm_word = StringField(_("Number"))

    def __init__(self, formdata: Any = None, *, number: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.number = number

    def validate_confirm_word(self, field: StringField) -> None:
        if parse_number(field.data or "") != self.number:
            raise ValidationError(gettext("Type the number %(number)s to confirm.", number=self.number))
