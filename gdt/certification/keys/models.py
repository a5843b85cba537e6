"""Orders about keys: to change to a new one, or to declare one stolen. Two administrators must agree."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.models import CertificationKey
from gdt.database import Model, now


class KeyAction(StrEnum):
    ROTATE = "rotate"
    RETIRE = "retire"


class KeyOrderState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


class KeyOrder(Model):
    """What shall happen to a key: `rotate` begins its use, `retire` says from when it counts as stolen."""

    __tablename__ = "key_orders"
    __table_args__ = (
        CheckConstraint("(action = 'retire') = (compromised_from IS NOT NULL)", name="retires_from_a_day"),
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_at_a_moment"),
    )

    action: Mapped[KeyAction]
    key_id: Mapped[int] = mapped_column(ForeignKey(CertificationKey.id), index=True)
    compromised_from: Mapped[datetime | None]
    state: Mapped[KeyOrderState] = mapped_column(default=KeyOrderState.WAITING)
    prepared_by_name: Mapped[str] = mapped_column(String(200))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]
    key: Mapped[CertificationKey] = relationship()
    approvals: Mapped[list["KeyApproval"]] = relationship(
        back_populates="order", order_by="KeyApproval.id", lazy="selectin"
    )

    def __str__(self) -> str:
        return f"Key order {self.id}"


class KeyApproval(Model):
    """One administrator's yes; nobody can say it twice."""

    __tablename__ = "key_approvals"
    __table_args__ = (UniqueConstraint("order_id", "user_id"),)

    order_id: Mapped[int] = mapped_column(ForeignKey(KeyOrder.id))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    name: Mapped[str] = mapped_column(String(200))
    approved_at: Mapped[datetime] = mapped_column(default=now)
    order: Mapped[KeyOrder] = relationship(back_populates="approvals")
