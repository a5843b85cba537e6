"""Nominations as what belongs to a person: when two entries become one, they move with her."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, Table, select

from gdt.certification.models import Certificate
from gdt.database import db
from gdt.people.belongings import Belonging, Journal, Row, objection, register
from gdt.people.merge_models import Merge, MergeStep, moved_ids
from gdt.recognition.models import AwardCall, AwardCategory, Nomination
from gdt.recognition.stages import DECIDED, NominationState

NOMINATIONS = cast("Table", Nomination.__table__)


def _settle(journal: Journal, hers: Row, others: Row) -> str:
    """One person stands once for one award: of two that stand, one that is not decided is withdrawn."""
    standing = [row for row in (others, hers) if row["state"] != NominationState.WITHDRAWN]
    open_ones = [row for row in standing if row["state"] not in DECIDED]
    if len(standing) == 2 and open_ones:
        journal.change(NOMINATIONS, open_ones[0], state=NominationState.WITHDRAWN)
    if len(standing) < 2 or open_ones:
        journal.change(NOMINATIONS, others, person_id=hers["person_id"])
    return _("Both were nominated for %(award)s. One nomination stands.", award=_tell([hers])[hers["id"]])


def _tell(rows: Sequence[Row]) -> dict[int, str]:
    wanted = AwardCategory.id.in_({row["category_id"] for row in rows})
    query = select(AwardCategory.id, AwardCategory.name, AwardCall.year)
    found = db.session.execute(query.join(AwardCall, AwardCall.id == AwardCategory.call_id).where(wanted))
    names = {category_id: f"{name} {year}" for category_id, name, year in found}
    return {row["id"]: names[row["category_id"]] for row in rows}


def _places(person_ids: Collection[int]) -> Select[Any]:
    return select(Nomination.institution_id).where(Nomination.person_id.in_(person_ids))


register(
    Belonging(
        position=9,
        table=NOMINATIONS,
        title=lambda: _("Nominations"),
        counted=lambda n: ngettext("%(num)s nomination", "%(num)s nominations", n),
        tell=_tell,
        places=_places,
        same=("category_id",),
        settle=_settle,
    )
)


@objection
def an_award_was_certified_since(merge: Merge, steps: Sequence[MergeStep]) -> str | None:
    """A certificate that stands for an award whose nomination would go back."""
    things = [f"award:{nomination_id}" for nomination_id in moved_ids(steps, "award_nominations")]
    number = db.session.scalar(
        select(Certificate.number)
        .where(
            Certificate.thing_earned.in_(things),
            Certificate.issued_at >= merge.merged_at,
            Certificate.revoked_at.is_(None),
        )
        .order_by(Certificate.id)
        .limit(1)
    )
    if number is None:
        return None
    return _(
        "Certificate %(number)s was issued since, for an award that would go back to %(name)s. "
        "It must be revoked first.",
        number=number,
        name=merge.merged_name,
    )
