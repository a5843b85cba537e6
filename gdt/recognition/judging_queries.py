"""Reading judges and what they judged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.recognition.judging_models import AwardJudge, Judgement
from gdt.recognition.models import AwardCall, Nomination
from gdt.recognition.stages import NominationState
from gdt.row_security import everything


@dataclass(frozen=True)
class Nominated:
    """Whom a judge nominated herself in a year: institutions, and people."""

    institutions: frozenset[int]
    people: frozenset[int]


def get_judge(viewer: Viewer, year: int) -> AwardJudge:
    """The viewer as a judge of the year; whoever was not named finds nothing."""
    judge = db.session.scalar(
        select(AwardJudge)
        .join(AwardCall, AwardCall.id == AwardJudge.call_id)
        .where(AwardCall.year == year, AwardJudge.user_id == viewer.id)
    )
    if judge is None:
        raise RecordNotFound
    return judge


def find_judge(call: AwardCall, user: User) -> AwardJudge | None:
    mine = AwardJudge.call_id == call.id, AwardJudge.user_id == user.id
    return db.session.scalar(select(AwardJudge).where(*mine))


def get_judge_of_call(call: AwardCall, judge_id: int) -> AwardJudge:
    mine = AwardJudge.call_id == call.id, AwardJudge.id == judge_id
    judge = db.session.scalar(select(AwardJudge).where(*mine))
    if judge is None:
        raise RecordNotFound
    return judge


def list_judges(call: AwardCall) -> Sequence[AwardJudge]:
    statement = select(AwardJudge).join(User, User.id == AwardJudge.user_id)
    return db.session.scalars(statement.where(AwardJudge.call_id == call.id).order_by(User.name)).all()


def list_judging(viewer: Viewer) -> Sequence[AwardCall]:
    """The years the viewer was named to judge, the latest first."""
    statement = (
        select(AwardCall)
        .join(AwardJudge, AwardJudge.call_id == AwardCall.id)
        .where(AwardJudge.user_id == viewer.id)
    )
    return db.session.scalars(statement.order_by(AwardCall.year.desc())).all()


def count_to_judge(viewer: Viewer, call: AwardCall) -> int:
    """How many open nominations of a year the viewer has still to judge, without those she may not."""
    mine = select(AwardJudge).where(AwardJudge.call_id == call.id, AwardJudge.user_id == viewer.id).subquery()
    n, done = Nomination, Judgement
    judged = exists().where(done.nomination_id == n.id, done.judge_id == mine.c.id)
    statement = (
        select(func.count(n.id))
        .join(mine, mine.c.call_id == n.call_id)
        .where(
            n.state == NominationState.NOMINATED,
            n.institution_id != mine.c.own_institution,
            n.nominated_by_id != mine.c.user_id,
            ~judged,
        )
    )
    return db.session.scalar(statement) or 0


def list_to_judge(call: AwardCall) -> Sequence[Nomination]:
    """Every nomination of a year that stands, by its category."""
    standing = Nomination.call_id == call.id, Nomination.state != NominationState.WITHDRAWN
    statement = select(Nomination).where(*standing)
    with everything():  # the nominees are of other institutions than the judge
        return db.session.scalars(statement.order_by(Nomination.category_id, Nomination.id)).all()


def list_judgements(nomination_ids: Collection[int]) -> Sequence[Judgement]:
    """What all judges said of some nominations, with their points."""
    statement = select(Judgement).where(Judgement.nomination_id.in_(nomination_ids))
    loaded = statement.options(selectinload(Judgement.scores))
    return db.session.scalars(loaded.order_by(Judgement.nomination_id, Judgement.id)).all()


def find_judgement(judge: AwardJudge, nomination: Nomination) -> Judgement | None:
    hers = Judgement.judge_id == judge.id, Judgement.nomination_id == nomination.id
    return db.session.scalar(select(Judgement).where(*hers).options(selectinload(Judgement.scores)))


def judgements_by(judge: AwardJudge) -> dict[int, Judgement]:
    """What a judge has judged, by the nomination."""
    statement = select(Judgement).where(Judgement.judge_id == judge.id)
    found = db.session.scalars(statement.options(selectinload(Judgement.scores)))
    return {judgement.nomination_id: judgement for judgement in found}


@everything()
def nominated_by(judge: AwardJudge) -> Nominated:
    """Whom she nominated, also from where she worked before, and what was withdrawn since."""
    mine = Nomination.call_id == judge.call_id, Nomination.nominated_by_id == judge.user_id
    found = db.session.execute(select(Nomination.institution_id, Nomination.person_id).where(*mine)).all()
    return Nominated(
        frozenset(row.institution_id for row in found if row.person_id is None),
        frozenset(row.person_id for row in found if row.person_id is not None),
    )
