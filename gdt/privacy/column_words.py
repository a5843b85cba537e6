"""What the columns of a person's own copy are called for her."""

from flask_babel import lazy_gettext as _

LABELS = {
    "printed_name": _("Name as printed"),
    "native_name": _("Name in your own script"),
    "email": _("E-mail"),
    "own_number": _("Your number there"),
    "from_on": _("From"),
    "until_on": _("Until"),
    "created_at": _("Entered on"),
    "held_on": _("Held on"),
    "recorded_at": _("Recorded on"),
    "completed_on": _("Completed on"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "issued_on": _("Issued on"),
    "issued_at": _("Issued at"),
    "facts": _("What it prints"),
    "file_sha256": _("Fingerprint of the file"),
    "revoked_reason": _("Why it was revoked"),
    "recipient": _("Mailed to"),
    "ordered_at": _("Ordered on"),
    "made_at": _("Made on"),
    "ended_at": _("Ended on"),
    "profile_url": _("Link to your profile"),
    "chosen_at": _("Chosen on"),
    "printed": _("Printed was"),
    "wanted": _("You asked for"),
    "why": _("Because"),
    "contact": _("Where to answer"),
    "evidence_name": _("Evidence"),
    "asked_at": _("Asked on"),
    "asked_by": _("Asked by"),
    "confirmed_at": _("Confirmed on"),
    "answered_at": _("Answered on"),
    "came_by": _("Came by"),
    "written_at": _("Written on"),
    "merged_name": _("The other entry"),
    "found_at": _("Found on"),
    "uploaded_at": _("Handed in on"),
    "settled_at": _("Sent on"),
    "happened_at": _("When"),
    "action": _("What"),
    "summary": _("In words"),
    "withdrawn_at": _("Taken back on"),
    "thing_earned": _("For"),
}


def label_of(name: str) -> str:
    """The label of a column; one without words of its own is its name, as a sentence begins."""
    return str(LABELS.get(name) or name.replace("_", " ").capitalize())
