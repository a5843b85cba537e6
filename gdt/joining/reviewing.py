"""What the office does with applications: it checks, asks back, declines with a reason, or accepts."""

from datetime import date

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit
from gdt.access import Role, Viewer
from gdt.accounts.inviting import invite_user
from gdt.database import now
from gdt.errors import DomainError
from gdt.joining.application_states import ApplicationState, CheckItem, Move
from gdt.joining.applying import add_note, move, state_after, write_to_lead
from gdt.joining.models import ApplicationCheck, InstitutionApplication, Voice
from gdt.partners.contact_models import Duty
from gdt.partners.contacts import add_contact
from gdt.partners.drafting import prepare_draft
from gdt.partners.models import AgreementKind, Institution
from gdt.partners.services import register_institution


def tick(*, actor: Viewer, application: InstitutionApplication, item: CheckItem, found: str | None) -> None:
    """Mark an item of the checklist done, with what was found; doing it again changes nothing."""
    _refuse_closed(application)
    if all(check.item is not item for check in application.checks):
        application.checks.append(ApplicationCheck(item=item, done_by_name=actor.name, found=found))
        audit.record(actor, "checked", application, _("Checked: %(item)s", item=item.value), found=found)


def untick(*, actor: Viewer, application: InstitutionApplication, item: CheckItem) -> None:
    """It was not done after all."""
    _refuse_closed(application)
    for check in [check for check in application.checks if check.item is item]:
        application.checks.remove(check)
        audit.record(actor, "unchecked", application, _("Opened again: %(item)s", item=item.value))


def ask_back(*, actor: Viewer, application: InstitutionApplication, words: str) -> None:
    """Ask the applicant something; the application waits until she answers by her link."""
    move(application, Move.ASK_BACK)
    add_note(application, Voice.OFFICE, actor.name, words)
    audit.record(actor, "asked back", application, _("Asked %(name)s back", name=application.name))
    write_to_lead(
        application, "application_asked", _("A question about the application of %(name)s"), words=words
    )


def comment(*, actor: Viewer, application: InstitutionApplication, words: str) -> None:
    """Note something the applicant does not see."""
    add_note(application, Voice.INSIDE, actor.name, words)
    audit.record(actor, "commented", application, _("Commented on %(name)s", name=application.name))


def decline(*, actor: Viewer, application: InstitutionApplication, words: str) -> None:
    """Say no, and why; the applicant reads the reason."""
    move(application, Move.DECLINE)
    application.reason = words
    _decide(actor, application)
    audit.record(actor, "declined", application, _("Declined %(name)s", name=application.name), reason=words)
    write_to_lead(application, "application_declined", _("About the application of %(name)s"), words=words)


def accept(
    *,
    actor: Viewer,
    application: InstitutionApplication,
    code: str,
    starts_on: date,
    ends_on: date,
    teachers_target: int,
    students_target: int,
) -> Institution:
    """Make the institution, invite its lead as coordinator, who is its first contact, too, and draft its
    first agreement: all or nothing.
    """
    accepted = state_after(application, Move.ACCEPT)
    _refuse_unchecked(application)
    institution = register_institution(
        viewer=actor,
        code=code,
        name=application.name,
        kind=application.kind,
        country_code=application.country.code,
        city=application.city,
        native_name=application.native_name,
        website=application.website,
    )
    _invite_lead(actor, application, institution)
    add_contact(
        viewer=actor,
        institution=institution,
        name=application.lead_name,
        duty=Duty.PROGRAMME_LEAD,
        position=application.lead_duty,
        email=application.lead_email,
        from_on=now().date(),
    )
    prepare_draft(
        viewer=actor,
        institution=institution,
        kind=AgreementKind.PROGRAMME_AGREEMENT,
        extends_id=None,
        starts_on=starts_on,
        ends_on=ends_on,
        teachers_target=teachers_target,
        students_target=students_target,
    )
    application.state, application.institution_id = accepted, institution.id
    _decide(actor, application)
    said = _("Accepted %(name)s", name=application.name)
    audit.record(actor, "accepted", application, said, institution_id=institution.id)
    write_to_lead(application, "application_accepted", _("%(name)s is accepted"))
    return institution


def open_items(application: InstitutionApplication) -> list[CheckItem]:
    done = {check.item for check in application.checks}
    return [item for item in CheckItem if item not in done]


def _refuse_unchecked(application: InstitutionApplication) -> None:
    left = len(open_items(application))
    if left:
        raise DomainError(
            ngettext(
                "%(num)s item of the checklist is open. Do it first, or decline.",
                "%(num)s items of the checklist are open. Do them first, or decline.",
                left,
            )
        )
    if application.confirmed_at is None:
        raise DomainError(
            _("The lead has not confirmed the e-mail address yet. Ask back: the mail holds the link for it.")
        )


def _invite_lead(actor: Viewer, application: InstitutionApplication, institution: Institution) -> None:
    link = f"{current_app.config['BASE_URL']}/invitation/{{token}}"
    try:
        invite_user(
            actor=actor,
            name=application.lead_name,
            email=application.lead_email,
            role=Role.COORDINATOR,
            institution=institution,
            link=link,
        )
    except DomainError as error:
        raise DomainError(
            _(
                "%(email)s is the address of a user already. Ask back for another one.",
                email=application.lead_email,
            )
        ) from error


def _decide(actor: Viewer, application: InstitutionApplication) -> None:
    application.decided_at, application.decided_by_name = now(), actor.name


def _refuse_closed(application: InstitutionApplication) -> None:
    if application.state not in {ApplicationState.RECEIVED, ApplicationState.ASKED}:
        raise DomainError(_("This application is closed. Nothing was changed."))
