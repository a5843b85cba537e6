"""Words of privacy: where a request stands, who asked, and what went."""

from flask_babel import lazy_gettext as _

from gdt.privacy.models import AskedBy, Outcome, RequestState
from gdt.privacy.retention_models import RetentionKind

STATES = {
    RequestState.OPEN: (_("To decide"), "attention"),
    RequestState.ERASING: (_("Erasing"), "progress"),
    RequestState.ERASED: (_("Erased"), "ok"),
    RequestState.DECLINED: (_("Declined"), "neutral"),
}
ASKED_BY = {
    AskedBy.HOLDER: _("The holder, by the secret link"),
    AskedBy.INSTITUTION: _("The institution"),
    AskedBy.OFFICE: _("The programme office"),
    AskedBy.RETENTION: _("Retention: its time was over"),
    AskedBy.RESTORE: _("A restored backup from before the erasing"),
}
OUTCOMES = {
    Outcome.NUMBER: _("The certificates stay as numbers"),
    Outcome.NOTHING: _("The certificates stop verifying"),
}
WENT = {
    "entries": _("Entries of the register"),
    "certificates": _("Certificates, their files and badges"),
    "corrections": _("Requests for corrections"),
    "merges": _("Notes of merges"),
    "accounts": _("Accounts"),
    "mails": _("Mails"),
    "mail_files": _("Mails kept as files"),
    "uploads": _("Files handed in"),
    "files": _("Documents in the store"),
    "texts": _("Texts that named the person"),
}
RETENTION = {
    RetentionKind.SIGN_INS: (_("Sign-ins, with address and browser"), _("180 days")),
    RetentionKind.RESETS: (_("Requests for a new password"), _("7 days")),
    RetentionKind.MAIL_ADDRESSES: (_("Addresses and subjects of mails"), _("2 years after they were sent")),
    RetentionKind.UPLOADED_FILES: (_("Files handed in, files packed of certificates"), _("1 year")),
    RetentionKind.MARKS: (_("Hashes by which forgotten people are known again"), _("3 years")),
    RetentionKind.CONTACTS: (_("Contacts of institutions"), _("2 years after their duty ended")),
    RetentionKind.PEOPLE: (
        _("People"),
        _("as their country says, 10 years after the last record; the office confirms the list"),
    ),
}
