"""Reading of which awards nobody has been told: those that became public, and the nominations beside them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from gdt.database import db
from gdt.recognition.models import Nomination
from gdt.recognition.stages import NominationState

_OTHER = aliased(Nomination)


def list_untold_awards(since: date, today: date) -> Sequence[Nomination]:
    """The awards given in these days of which nobody was told; their rows are held."""
    return _held(Nomination.state == NominationState.GIVEN, Nomination.given_on.between(since, today))


def list_untold_others(since: date, today: date) -> Sequence[Nomination]:
    """Those passed over in years of which all is decided, and the last award became public in these days."""
    last = select(func.max(_OTHER.given_on)).where(_OTHER.call_id == Nomination.call_id)
    is_open = exists().where(_OTHER.call_id == Nomination.call_id, _OTHER.state == NominationState.NOMINATED)
    return _held(
        Nomination.state == NominationState.PASSED_OVER,
        ~is_open,
        last.scalar_subquery().between(since, today),
    )


def _held(*conditions: Any) -> Sequence[Nomination]:
    statement = select(Nomination).where(Nomination.told_at.is_(None), *conditions).order_by(Nomination.id)
    held = statement.with_for_update(of=Nomination, skip_locked=True)
    return db.session.scalars(held.execution_options(populate_existing=True)).all()
