"""Signing in by one's institution: setting the service up, and finding whose account it is."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.accounts import queries
from gdt.accounts import service_queries as services
from gdt.accounts.models import User
from gdt.accounts.openid import PURPOSE, Vouched, require_safe
from gdt.accounts.sealing import seal
from gdt.accounts.service_models import LinkedIdentity, SignInService
from gdt.accounts.signing_in import tell_of_change
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Institution


def set_up_service(
    *,
    actor: Viewer,
    institution: Institution,
    issuer: str,
    client_id: str,
    secret: str,
    mail_domain: str,
    is_on: bool,
) -> SignInService:
    """Keep how an institution signs its people in; an empty secret leaves the one that is kept."""
    require_safe(issuer)
    service = services.find_service(institution)
    if service is None:
        if not secret:
            raise DomainError(_("Enter the secret the provider gave you."), field="secret")
        service = SignInService(institution=institution)
        db.session.add(service)
    service.issuer, service.client_id = issuer, client_id
    service.mail_domain, service.is_on, service.changed_at = mail_domain.lower(), is_on, now()
    if secret:
        service.sealed_secret = seal(secret, purpose=PURPOSE)
    audit.record(
        actor,
        "set up sign-in",
        service,
        _("Set up how %(name)s signs its people in", name=institution.name),
        institution_id=institution.id,
        issuer=issuer,
        mail_domain=mail_domain,
        is_on=is_on,
    )
    return service


def user_vouched_for(vouched: Vouched) -> User:
    """The account of whom the institution vouches for; the first time it is linked by her verified address.

    Nobody gets an account by this: she was invited, to this institution. Raises DomainError otherwise.
    """
    service = services.get_open_service(vouched.code)
    user = services.find_linked(vouched.issuer, vouched.subject)
    if user is None:
        user = queries.find_user_by_email(vouched.email)
        if user is not None and services.is_linked(user, vouched.issuer):
            user = None  # the address now belongs to somebody else there
    is_ours = user is not None and user.is_active and user.institution_id == service.institution_id
    if user is None or not is_ours or service.issuer != vouched.issuer:
        message = _(
            "Nobody of %(place)s is invited under %(email)s. Ask your institution's coordinator.",
            place=service.institution.name,
            email=vouched.email,
        )
        raise DomainError(message)
    if not services.is_linked(user, vouched.issuer):
        _link(user, vouched, service)
    return user


def _link(user: User, vouched: Vouched, service: SignInService) -> None:
    db.session.add(LinkedIdentity(user_id=user.id, issuer=vouched.issuer, subject=vouched.subject))
    for invitation in queries.list_open_invitations(user):
        invitation.used_at = now()
    sentence = _("Linked to the sign-in of %(place)s", place=service.institution.name)
    audit.record(user, "linked", user, sentence, institution_id=user.institution_id)
    tell_of_change(user, f"{sentence}.")
