"""Keeping the register: entering a person once, and correcting what is known of her."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from gdt import audit
from gdt.access import OFFICE, Viewer, sees, sees_all
from gdt.accounts.queries import list_accounts_of
from gdt.database import db
from gdt.errors import DomainError
from gdt.forms import tidy
from gdt.partners.models import Institution
from gdt.people import matching
from gdt.people.entered_elsewhere import belongs_elsewhere, tell_of_entry
from gdt.people.forgotten import find_forgotten, why_not
from gdt.people.matching import Known
from gdt.people.merge_queries import list_institutions_of, list_seen
from gdt.people.models import Affiliation, AffiliationRole, Gender, Person
from gdt.people.other_names import is_somebody_else
from gdt.people.person_columns import name_problem, number_problem
from gdt.people.queries import find_affiliation, find_person_by_email
from gdt.row_security import everything

_HERS = ("email", "printed_name", "native_name", "gender")


@dataclass(frozen=True)
class PersonFacts:
    """What is typed about a person: her name as the paper says it, and what tells her from others."""

    printed_name: str
    native_name: str | None = None
    own_number: str | None = None
    email: str | None = None
    gender: Gender | None = None

    @classmethod
    def typed(cls, values: dict[str, str | None]) -> "PersonFacts":
        """From the texts of a form: tidied, blanks as None; raises DomainError at the field at fault."""
        text = {name: tidy(value or "") or None for name, value in values.items()}
        facts = cls(
            printed_name=" ".join((text.get("printed_name") or "").split()),
            native_name=text.get("native_name"),
            own_number=text.get("own_number"),
            email=(text.get("email") or "").lower() or None,
            gender=Gender(gender) if (gender := text.get("gender")) else None,
        )
        _refuse_unprintable(facts)
        return facts


def _refuse_unprintable(facts: PersonFacts) -> None:
    checks = (
        ("printed_name", name_problem(facts.printed_name)),
        ("native_name", name_problem(facts.native_name) if facts.native_name else None),
        ("own_number", number_problem(facts.own_number) if facts.own_number else None),
    )
    for field, reason in checks:
        if reason:
            raise DomainError(reason, field)


def find_match(institution_id: int, role: AffiliationRole, facts: PersonFacts) -> Known | None:
    """The person of the register who has this number at this institution, or this e-mail.

    Raises DomainError when the number belongs to one person and the e-mail to another.
    """
    match = matching.find_matches(institution_id, role, [facts])[0]
    if match.is_conflict:
        raise DomainError(
            _(
                "The number belongs to %(name)s, and the e-mail to someone else. Correct one of them.",
                name=match.by_number.printed_name if match.by_number else "",
            ),
            "email",
        )
    return match.person


@everything()
def register_person(
    *, actor: Viewer, institution: Institution, role: AffiliationRole, facts: PersonFacts, from_on: date
) -> tuple[Person, bool]:
    """Enter a person at an institution, or find her there; returns (person, whether she was known).

    A known person keeps the printed name of the register; only what was empty is filled in. Raises
    DomainError for the address of somebody of a wholly different name elsewhere, but for the office.
    """
    known = find_match(institution.id, role, facts)
    is_new_here = known is not None and known.affiliation_id is None
    if known is None:
        _refuse_forgotten(institution, facts)
        person = _new_person(facts)
        audit.record(
            actor, "registered", person, _("Entered %(name)s.", name=person), institution_id=institution.id
        )
    else:
        _refuse_another(actor, known, facts)
        person = db.session.get_one(Person, known.person_id)
        _fill_in(person, facts)
    _affiliate(person, institution, role, facts.own_number, from_on)
    if is_new_here:
        tell_of_entry(actor=actor, institution=institution, person_ids=[person.id])
    return person, known is not None


def _refuse_another(actor: Viewer, known: Known, facts: PersonFacts) -> None:
    """Whoever knows an address of somebody elsewhere does not learn by it who that is."""
    ours, theirs = (known.printed_name, known.native_name), (facts.printed_name, facts.native_name)
    if known.affiliation_id is None and not sees_all(actor) and is_somebody_else(ours, theirs):
        raise DomainError(belongs_elsewhere(), "email")


def _refuse_forgotten(institution: Institution, facts: PersonFacts) -> None:
    for moment in find_forgotten(institution.id, [facts]).values():
        raise DomainError(why_not(moment), "email" if facts.email else "own_number")


def _new_person(facts: PersonFacts) -> Person:
    person = Person(
        printed_name=facts.printed_name,
        native_name=facts.native_name,
        email=facts.email,
        gender=facts.gender,
    )
    db.session.add(person)
    db.session.flush()
    return person


def _fill_in(person: Person, facts: PersonFacts) -> None:
    for column in ("native_name", "email", "gender"):
        if getattr(person, column) is None:
            setattr(person, column, getattr(facts, column))


def _affiliate(
    person: Person, institution: Institution, role: AffiliationRole, own_number: str | None, from_on: date
) -> None:
    affiliation = find_affiliation(person.id, institution.id, role)
    if affiliation is None:
        affiliation = Affiliation(
            person_id=person.id, institution_id=institution.id, role=role, from_on=from_on
        )
        db.session.add(affiliation)
    if affiliation.own_number is None:
        affiliation.own_number = own_number
    db.session.flush()


@everything()
def correct_person(
    *, actor: Viewer, person: Person, facts: PersonFacts, numbers: dict[int, str | None]
) -> Person:
    """Correct what the register says of a person; `numbers` are her own numbers by affiliation.

    What certificates say was frozen when they were issued, and stays. A teacher's account bears her name as
    corrected; the address it signs in with is its own.
    """
    _refuse_shared(actor, person, facts)
    _refuse_taken_email(person, facts.email)
    person.printed_name, person.native_name = facts.printed_name, facts.native_name
    person.email, person.gender = facts.email, facts.gender
    for account in list_accounts_of(OFFICE, person.id):
        account.name = facts.printed_name
    _correct_numbers(actor, person, numbers)
    audit.record(
        actor,
        "corrected",
        person,
        _("Corrected the entry of %(name)s.", name=person),
        institution_id=actor.institution_id,
    )
    return person


def _refuse_shared(actor: Viewer, person: Person, facts: PersonFacts) -> None:
    """Who she is concerns every place that knows her: her address leads to all her secret links.

    What is empty may be filled in, and is then hers everywhere.
    """
    changed = [
        name for name in _HERS if (old := getattr(person, name)) is not None and old != getattr(facts, name)
    ]
    places = list_institutions_of([person.id]) if changed and not sees_all(actor) else set()
    if places != set(list_seen(actor, places)):
        sentence = _(
            "%(name)s has records at another institution, too. Ask the programme office to correct this.",
            name=person,
        )
        raise DomainError(sentence, changed[0])


def _refuse_taken_email(person: Person, email: str | None) -> None:
    other = find_person_by_email(email) if email else None
    if other is not None and other.id != person.id:
        raise DomainError(
            _("This e-mail belongs to someone else in the register. Each person has their own."), "email"
        )


def _correct_numbers(actor: Viewer, person: Person, numbers: dict[int, str | None]) -> None:
    for affiliation in person.affiliations:
        if affiliation.id not in numbers or not _is_of(actor, affiliation):
            continue
        number = numbers[affiliation.id]
        field = f"number_{affiliation.id}"
        if number and (reason := number_problem(number)):
            raise DomainError(reason, field)
        if number and _is_taken(affiliation, number):
            raise DomainError(
                _("Someone else at %(place)s has this number.", place=affiliation.institution), field
            )
        affiliation.own_number = number


def _is_of(actor: Viewer, affiliation: Affiliation) -> bool:
    return sees(actor, affiliation.institution)


def _is_taken(affiliation: Affiliation, number: str) -> bool:
    facts = PersonFacts(printed_name="", own_number=number)
    match = matching.find_matches(affiliation.institution_id, affiliation.role, [facts])[0]
    return match.by_number is not None and match.by_number.person_id != affiliation.person_id
