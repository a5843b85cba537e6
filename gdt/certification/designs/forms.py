"""What is handed in for a design and for how an institution's certificates look."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from gdt.forms import BaseForm


class DesignForm(BaseForm):
    file = FileField(
        _("Design"),
        description=_("A TOML file in UTF-8, named by its kind and version, such as teacher-3."),
    )

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(gettext("Choose the file of the design."))

    @property
    def content(self) -> bytes:
        return bytes(self.file.data.read())


class PublishForm(BaseForm):
    """The name of the version typed, and the hash of what was looked at."""

    seen = HiddenField()
    confirm_word = StringField(_("Name"))

    def __init__(self, formdata: Any = None, *, name: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.name = name

    def validate_confirm_word(self, field: StringField) -> None:
        if (field.data or "").strip().lower() != self.name:
            raise ValidationError(gettext("Type %(name)s to confirm.", name=self.name))


class LookForm(BaseForm):
    language = SelectField(_("Language beside English"))
    logo = FileField(
        _("Logo"),
        description=_(
            "A PNG or JPEG of up to 2 MB and at least 200 pixels wide or high; PNG with a transparent ground "
            "looks best. Empty margins are cut off."
        ),
    )
    removes_logo = BooleanField(_("Print no logo"))

    @property
    def picture(self) -> bytes | None:
        """The bytes of the chosen file; None when none was chosen."""
        return bytes(self.logo.data.read()) if getattr(self.logo.data, "filename", "") else None
