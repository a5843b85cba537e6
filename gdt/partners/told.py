"""What the history of institutions, their contacts, their agreements and the drafts of these tells."""

from typing import Any

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.filters import country_name
from gdt.partners.contact_models import Contact
from gdt.partners.contact_words import DUTIES
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Agreement, Country, Institution
from gdt.partners.reminder_models import AgreementReminder
from gdt.partners.standing import AGREEMENT_KINDS, KINDS
from gdt.partners.term_states import REMINDER_STATES
from gdt.partners.time_zones import zone_name


def _code(country: Any) -> str:
    return str(country.code)


TARGETS = {
    "teachers_target": Field(_("Teachers a year")),
    "students_target": Field(_("Students a year")),
    "targets_by_year": Field(_("Teachers and students by year")),
}
COUNTRY = Field(_("Country"), of=Country, keep=_code, show=country_name)

tell(
    Institution,
    _("Institution"),
    {
        "code": Field(_("Code")),
        "name": Field(_("Name")),
        "native_name": Field(_("Name in its own script")),
        "kind": Field(_("Kind"), KINDS),
        "country_id": COUNTRY,
        "city": Field(_("City")),
        "website": Field(_("Website")),
        "time_zone": Field(_("Time zone"), show=zone_name),
        "joined_on": Field(_("Partner since")),
        "closed_on": Field(_("Closed on")),
    },
    place=lambda institution: institution.id,
)
tell(
    Agreement,
    _("Agreement"),
    {
        "kind": Field(_("Kind"), AGREEMENT_KINDS),
        "signed_on": Field(_("Signed on")),
        "starts_on": Field(_("First day")),
        "ends_on": Field(_("Last day")),
        "signatories": Field(_("Signatories")),
        "document_sha256": Field(_("Fingerprint of the signed document")),
        "agreed_until": Field(_("Signed until")),
        "termination_reason": Field(_("Reason of its end")),
        **TARGETS,
    },
    untold="institution_id document_key extends_id extends_ends_on",
)
tell(
    AgreementDraft,
    _("Draft of an agreement"),
    {
        "kind": Field(_("Kind"), AGREEMENT_KINDS),
        "starts_on": Field(_("First day")),
        "ends_on": Field(_("Last day")),
        "signs_for_partner": Field(_("Signs for the partner")),
        "own_clauses": Field(_("Clauses of its own")),
        "withdrawn_because": Field(_("Withdrawn because")),
        **TARGETS,
    },
    untold="institution_id extends_id drafted_at drafted_by_name withdrawn_at agreement_id",
)
tell(
    AgreementReminder,
    _("Reminder"),
    {"state": Field(_("State"), REMINDER_STATES), "note": Field(_("Note"))},
    untold="agreement_id audience months due_on sent_at people settled_at",
    part_of={"agreement_id": Agreement},
    place=lambda reminder: reminder.agreement.institution_id,
    name=lambda reminder: str(reminder.agreement),
)
tell(
    Contact,
    _("Contact"),
    {
        "name": Field(_("Name")),
        "duty": Field(_("Duty"), DUTIES),
        "position": Field(_("Position")),
        "email": Field(_("E-mail address")),
        "phone": Field(_("Telephone")),
        "from_on": Field(_("From")),
        "until_on": Field(_("Until")),
    },
    untold="institution_id",
    part_of={"institution_id": Institution},
)
