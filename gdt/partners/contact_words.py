"""What the duties of contacts are called."""

from flask_babel import lazy_gettext as _

from gdt.partners.contact_models import Duty

DUTIES = {
    Duty.PROGRAMME_LEAD: _("Programme lead"),
    Duty.EXAM_OFFICER: _("Exam officer"),
    Duty.SIGNATORY: _("Signs agreements"),
    Duty.DATA_PROTECTION: _("Data protection"),
    Duty.TECHNICAL: _("Technical contact"),
    Duty.OTHER: _("Other duty"),
}
