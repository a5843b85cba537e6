"""Reading of which awards nobody has been told: those that became public, and the nominations beside them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from gdt.database import db
from gdt.recognition.models import Nomination
from gdt.recognition.stages import NominationState

_OTHER = aliased(Nomination)


HISTORY = timedelta(days=365)  # an award given longer ago is entered for the record, and no news to anybody


def list_untold_awards(since: date, today: date) -> Sequence[Nomination]:
    """The awards that became public in these days and of which nobody was told; their rows are held.

    An award is public from the later of two days: when it is given, and when it was decided here.
    """
    return _held(
        Nomination.state == NominationState.GIVEN,
        Nomination.given_on.between(today - HISTORY, today),
        or_(Nomination.given_on >= since, Nomination.decided_at >= _midnight(since)),
    )


def list_untold_others(since: date, today: date) -> Sequence[Nomination]:
    """Those passed over in years of which all awards are public and, within these days, all is decided."""
    last = select(func.max(_OTHER.given_on)).where(_OTHER.call_id == Nomination.call_id).scalar_subquery()
    decided = select(func.max(_OTHER.decided_at)).where(_OTHER.call_id == Nomination.call_id)
    is_open = exists().where(_OTHER.call_id == Nomination.call_id, _OTHER.state == NominationState.NOMINATED)
    return _held(
        Nomination.state == NominationState.PASSED_OVER,
        ~is_open,
        last.between(today - HISTORY, today),
        or_(last >= since, decided.scalar_subquery() >= _midnight(since)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _held(*conditions: Any) -> Sequence[Nomination]:
    statement = select(Nomination).where(Nomination.told_at.is_(None), *conditions).order_by(Nomination.id)
    held = statement.with_for_update(of=Nomination, skip_locked=True)
    return db.session.scalars(held.execution_options(populate_existing=True)).all()
