"""The form of an import: the file."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FileField
from wtforms.validators import ValidationError

from gdt.forms import BaseForm


class UploadForm(BaseForm):
    file = FileField(
        _("Spreadsheet"),
        description=_("Your spreadsheet as it is: .xlsx, .xls, .ods, .csv or .txt, up to 10 MB."),
    )

    def validate_file(self, field: Any) -> None:
        """A form sent without a file holds an empty text in its place."""
        if not getattr(field.data, "filename", ""):
            message = _("Choose the file first.")
            raise ValidationError(message)
