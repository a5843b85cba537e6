"""Somebody known from elsewhere is entered at one more institution: she hears of it, the trail says it."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from gdt import audit, mail
from gdt.access import Viewer
from gdt.database import db, one_of
from gdt.partners.models import Institution
from gdt.people.models import Affiliation, Person
from gdt.row_security import everything


@everything()
def tell_of_entry(*, actor: Viewer, institution: Institution, person_ids: Collection[int]) -> int:
    """Tell those of these people who are new at the institution; returns how many they are.

    From then on it reads what the register says of them, and whoever knows an address could have it so.
    """
    people = _list_new_here(institution, person_ids)
    said = _("%(place)s entered somebody known from elsewhere, and now reads the entry.", place=institution)
    audit.record_all(actor, "entered", [(person, said, institution.id) for person in people])
    subject = _("%(place)s entered you in the GDT programme", place=institution)
    mail.send_all(
        [
            mail.Note(
                template="entered_elsewhere",
                to=person.email,
                subject=subject,
                context={"name": person.printed_name, "place": institution.name},
            )
            for person in people
            if person.email
        ]
    )
    return len(people)


def belongs_elsewhere() -> str:
    """Why a row or a form is refused that gives the address of somebody of another name elsewhere."""
    return str(
        _(
            "This e-mail belongs to somebody of another name elsewhere in the network. Correct it. If it is "
            "the same person, ask the programme office to enter her or him."
        )
    )


def _list_new_here(institution: Institution, person_ids: Collection[int]) -> Sequence[Person]:
    """Those whose only place here is the one they were just given."""
    here = Affiliation.person_id == Person.id, Affiliation.institution_id == institution.id
    places = select(func.count(Affiliation.id)).where(*here).scalar_subquery()
    new = select(Person).where(one_of(Person.id, person_ids), Person.erased_at.is_(None), places == 1)
    return db.session.scalars(new.order_by(Person.id)).all()
