"""Reading the institutions that sign their own people in, and who is who there."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from gdt.accounts.models import User
from gdt.accounts.service_models import LinkedIdentity, SignInService
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution


def list_services() -> Sequence[SignInService]:
    """All of them, on or off, by the institution's name."""
    ordered = select(SignInService).join(SignInService.institution).order_by(Institution.name)
    return db.session.scalars(ordered).all()


def list_open_services() -> Sequence[SignInService]:
    return [service for service in list_services() if service.is_on]


def has_open_service() -> bool:
    return bool(db.session.scalar(select(exists().where(SignInService.is_on.is_(True)))))


def find_service(institution: Institution) -> SignInService | None:
    return db.session.scalar(select(SignInService).where(SignInService.institution_id == institution.id))


def get_open_service(code: str) -> SignInService:
    """The service of an institution, by the institution's code. Raises RecordNotFound unless it is on."""
    statement = select(SignInService).join(SignInService.institution)
    service = db.session.scalar(statement.where(Institution.code == code, SignInService.is_on.is_(True)))
    if service is None:
        raise RecordNotFound
    return service


def find_linked(issuer: str, subject: str) -> User | None:
    """Who the provider's own name for someone stands for here."""
    return db.session.scalar(
        select(User)
        .join(LinkedIdentity, LinkedIdentity.user_id == User.id)
        .where(LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject)
    )


def is_linked(user: User, issuer: str) -> bool:
    """Whether the user is someone at the provider already."""
    linked = exists().where(LinkedIdentity.user_id == user.id, LinkedIdentity.issuer == issuer)
    return bool(db.session.scalar(select(linked)))
