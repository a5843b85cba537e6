"""Signing in by one's institution: setting the service up, and finding whose account it is."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.accounts import queries
from gdt.accounts import service_queries as services
from gdt.accounts.models import User
from gdt.accounts.openid import PURPOSE, Disbelieved, Errand, Vouched, come_back, require_safe
from gdt.accounts.refusal_models import Refusal
from gdt.accounts.refusals import SignInRefused
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


def vouched_by(service: SignInService, errand: Errand, *, code: str, state: str) -> Vouched:
    """Whom an institution's provider vouches for. Raises SignInRefused for every doubt."""
    try:
        return come_back(service, errand, code=code, state=state)
    except Disbelieved as error:
        named, place = queries.find_user_by_email(error.email), service.institution_id
        raise SignInRefused(error.message, Refusal.INSTITUTION, named, institution_id=place) from None


def user_vouched_for(vouched: Vouched) -> User:
    """The account of whom the institution vouches for; the first time it is linked by her verified address.

    Nobody gets an account by this: she was invited, to this institution. Raises SignInRefused otherwise.
    """
    service = services.get_open_service(vouched.code)
    linked = services.find_linked(vouched.issuer, vouched.subject)
    user = linked or queries.find_user_by_email(vouched.email)
    if user is None or not _is_let_in(user, service, vouched, is_linked=linked is not None):
        message = _(
            "Nobody of %(place)s is invited under %(email)s. Ask your institution's coordinator.",
            place=service.institution.name,
            email=vouched.email,
        )
        because = Refusal.SUSPENDED if user and not user.is_active else Refusal.INSTITUTION
        raise SignInRefused(message, because, user, institution_id=service.institution_id)
    if linked is None:
        _link(user, vouched, service)
    return user


def _is_let_in(user: User, service: SignInService, vouched: Vouched, *, is_linked: bool) -> bool:
    """Whether she is of this institution; who is somebody else there already lost the address to another."""
    is_ours = user.is_active and user.institution_id == service.institution_id
    is_hers = is_linked or not services.is_linked(user, vouched.issuer)
    return is_ours and is_hers and service.issuer == vouched.issuer


def _link(user: User, vouched: Vouched, service: SignInService) -> None:
    db.session.add(LinkedIdentity(user_id=user.id, issuer=vouched.issuer, subject=vouched.subject))
    for invitation in queries.list_open_invitations(user):
        invitation.used_at = now()
    sentence = _("Linked to the sign-in of %(place)s", place=service.institution.name)
    audit.record(user, "linked", user, sentence, institution_id=user.institution_id)
    tell_of_change(user, f"{sentence}.")
