"""Where an order stands between being placed and being settled, and who had a say in it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gdt.accounts.models import User


class BatchStage(StrEnum):
    PREPARING = "preparing"
    CHECKED = "checked"
    AWAITING_APPROVAL = "awaiting approval"
    ISSUING = "issuing"
    PAUSED = "paused"
    ISSUED = "issued"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Approval(StrEnum):
    """Whether a second officer has to agree, and what she said."""

    NOT_NEEDED = "not needed"
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


AT_WORK = frozenset({BatchStage.PREPARING, BatchStage.ISSUING})
ENDED = frozenset({BatchStage.ISSUED, BatchStage.DECLINED, BatchStage.CANCELLED})
CAN_BE_CANCELLED = frozenset(BatchStage) - ENDED


class Staged:
    """Columns of an order that goes through stages: at work, resting until a person decides, or ended.

    `job_run` counts how often its work was begun anew; `run_began_at` and `run_began_done` are what the pace
    is told from.
    """

    stage: Mapped[BatchStage] = mapped_column(default=BatchStage.ISSUING)
    title: Mapped[str | None] = mapped_column(String(200))
    job_run: Mapped[int] = mapped_column(default=0)
    run_began_at: Mapped[datetime | None]
    run_began_done: Mapped[int] = mapped_column(default=0)
    approval: Mapped[Approval] = mapped_column(default=Approval.NOT_NEEDED)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    decided_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED

    @property
    def may_be_cancelled(self) -> bool:
        return self.stage in CAN_BE_CANCELLED
