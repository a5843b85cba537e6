"""What the history of a person and of her affiliations tells."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.people.models import Affiliation, Person
from gdt.people.words import GENDER_WORDS, ROLES

tell(
    Person,
    _("Person"),
    {
        "printed_name": Field(_("Printed name")),
        "native_name": Field(_("Name in own script")),
        "email": Field(_("E-mail")),
        "gender": Field(_("Gender"), GENDER_WORDS),
    },
    untold="name_key merged_into_id erased_at created_at compared_at",
    place=lambda _person: None,
)
tell(
    Affiliation,
    _("Place"),
    {
        "role": Field(_("As"), ROLES),
        "own_number": Field(_("Number")),
        "from_on": Field(_("From")),
        "until_on": Field(_("Until")),
    },
    untold="person_id institution_id",
    part_of={"person_id": Person},
    name=lambda place: f"{place.person}, {place.institution}",
)
