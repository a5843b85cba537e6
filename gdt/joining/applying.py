"""What an applicant does without an account: applies, confirms the address, answers the office, withdraws."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import OFFICE
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day
from gdt.joining import queries
from gdt.joining.application_states import ApplicationState, Move, NotPossible, after
from gdt.joining.links import address_of
from gdt.joining.models import ApplicationNote, InstitutionApplication, Voice
from gdt.partners.models import Country
from gdt.partners.queries import find_country


def apply_to_join(
    *,
    name: str,
    native_name: str | None,
    country_code: str,
    modules: Sequence[str],
    lead_email: str,
    **facts: Any,
) -> InstitutionApplication:
    """Keep an application and mail its lead the link to it. Raises DomainError for what is here already."""
    country = find_country(country_code)
    if country is None:
        raise DomainError(_("Choose one of the programme's countries."), "country_code")
    _refuse_known(name, native_name, country)
    application = InstitutionApplication(
        link_key=secrets.token_hex(16),
        name=name,
        native_name=native_name,
        country=country,
        module_titles=list(modules),
        lead_email=lead_email.lower(),
        **facts,
    )
    db.session.add(application)
    _record(application, "applied", _("%(name)s applied to join", name=name))
    write_to_lead(application, "application_received", _("The application of %(name)s"))
    return application


def _refuse_known(name: str, native_name: str | None, country: Country) -> None:
    for institution in queries.list_similar_institutions(name, native_name, country):
        if queries.is_same(name, institution):
            sentence = _(
                "%(name)s is registered already. Ask its coordinator or the programme office to invite you.",
                name=institution.name,
            )
            raise DomainError(sentence, "name")
    for other in queries.list_similar_applications(name, native_name, country):
        if queries.is_open(other) and queries.is_same(name, other):
            sentence = _(
                "An application of %(name)s has been with us since %(day)s. The link to it was mailed to its"
                " lead: there you see how it stands, and can add what is missing.",
                name=other.name,
                day=day(other.applied_at.date()),
            )
            raise DomainError(sentence, "name")


def confirm_address(*, application: InstitutionApplication) -> None:
    """The lead opened the link that was mailed to her; doing it again changes nothing."""
    if application.confirmed_at is None:
        application.confirmed_at = now()
        _record(application, "confirmed", _("The lead confirmed the address"))


def answer_office(*, application: InstitutionApplication, words: str) -> None:
    """Add an answer, or something the form did not ask; the office looks at it next."""
    move(application, Move.ANSWER)
    add_note(application, Voice.APPLICANT, application.lead_name, words)
    _record(application, "answered", _("The applicant answered"))


def withdraw_application(*, application: InstitutionApplication) -> None:
    move(application, Move.WITHDRAW)
    _record(application, "withdrew", _("The applicant withdrew the application"))


def move(application: InstitutionApplication, by: Move) -> None:
    """Put the application into the state that follows. Raises DomainError."""
    application.state = state_after(application, by)


def state_after(application: InstitutionApplication, by: Move) -> ApplicationState:
    """The state that follows, with the application held; DomainError where it was decided already."""
    db.session.refresh(application, ["state"], with_for_update={"of": InstitutionApplication})
    try:
        return after(application.state, by)
    except NotPossible as error:
        raise DomainError(_refusal(application)) from error


def _refusal(application: InstitutionApplication) -> str:
    if application.is_open:
        return str(_("The applicant was asked something. Wait for the answer, or decline."))
    return str(_("This application is closed. Nothing was changed; a new one can be made at any time."))


def add_note(application: InstitutionApplication, voice: Voice, author: str, words: str) -> None:
    application.notes.append(ApplicationNote(voice=voice, author_name=author, words=words))


def write_to_lead(application: InstitutionApplication, template: str, subject: str, **context: Any) -> None:
    """Mail the lead, with the link to her application."""
    mail.send(
        template,
        to=application.lead_email,
        subject=subject % {"name": application.name},
        application=application,
        link=address_of(application),
        **context,
    )


def _record(application: InstitutionApplication, action: str, summary: str) -> None:
    audit.record(OFFICE, action, application, summary, by="applicant")
