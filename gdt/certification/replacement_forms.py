"""What is typed to replace a certificate by a corrected one, or to issue one anew."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from gdt.certification.corrections import CORRECTABLE, Corrections
from gdt.certification.models import Certificate
from gdt.forms import BaseForm

_NEEDED = InputRequired(_("A certificate cannot be without it."))
_NAME, _TEXT = Length(max=120), Length(max=200)


class CorrectionForm(BaseForm):
    """Every fact that may be corrected, as printed now, and why; `step` is the button that was pressed."""

    printed_name = StringField(_("Printed name"), [_NEEDED, _NAME])
    native_name = StringField(_("Name in own script"), [Optional(), _NAME])
    institution = StringField(_("Institution"), [_NEEDED, _TEXT])
    institution_native = StringField(_("Institution in its own script"), [Optional(), _TEXT])
    achievement = StringField(_("Certified in"), [_NEEDED, _TEXT])
    place = StringField(_("Place"), [Optional(), _TEXT])
    corrects_record = BooleanField(
        _("The person's record holds the same mistake: put the name right there too"),
        description=_(
            "Later certificates then print it as typed here. Those issued before stay as they are."
        ),
    )
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Say why: the history of both certificates will tell it.")), Length(max=400)],
        description=_("The office and the institution read it. Whoever verifies does not."),
    )
    step = HiddenField()

    @classmethod
    def of(cls, certificate: Certificate, formdata: Any) -> "CorrectionForm":
        """The form of one certificate, without what its paper or its holder does not have."""
        form = cls(formdata, data=certificate.facts)
        if not certificate.facts.get("place"):
            del form.place
        if certificate.person is None:
            del form.corrects_record
        return form

    @property
    def corrections(self) -> Corrections:
        typed = {name: self[name].data or "" for name in CORRECTABLE if name in self}
        corrects = "corrects_record" in self and bool(self.corrects_record.data)
        return Corrections(**typed, corrects_record=corrects)
