"""The words for why two entries are offered as one person, how sure that is, and what speaks against it."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from gdt.people.likeness import Entry, Reason, Strength, numbers_differ

REASONS = {
    Reason.EMAIL: _("Same mailbox, written differently"),
    Reason.NUMBER: _("Same number, written differently"),
    Reason.NATIVE: _("Same name in own script"),
    Reason.NAME: _("Same name, written differently"),
    Reason.SCRIPT: _("Same name in two scripts"),
    Reason.SOUND: _("Same name in two spellings"),
    Reason.SLIP: _("One letter apart"),
}
STRENGTHS = {
    Strength.VERY_LIKELY: (_("Very likely"), "ok"),
    Strength.LIKELY: (_("Likely"), "progress"),
    Strength.POSSIBLE: (_("Possible"), "neutral"),
}


def against(one: Entry, other: Entry) -> list[str]:
    """Return what speaks against the two being one, in words."""
    said = []
    if numbers_differ(one, other):
        said.append(gettext("One institution gave them two numbers for the same role."))
    if one.gender and other.gender and one.gender != other.gender:
        said.append(gettext("Their genders differ."))
    if {p.institution_id for p in one.places}.isdisjoint(p.institution_id for p in other.places):
        said.append(gettext("They are at different institutions."))
    return said
