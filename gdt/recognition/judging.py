"""Judging: who is named a judge, whom she may not judge and why, and what she says of the others."""

from collections.abc import Mapping

from flask import current_app
from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import Viewer
from gdt.accounts.models import User
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day
from gdt.recognition import judging_queries, queries
from gdt.recognition.judging_models import AwardJudge, Judgement, Score
from gdt.recognition.judging_queries import Nominated
from gdt.recognition.models import AwardCall, AwardCriterion, Nomination
from gdt.recognition.stages import NominationState, Stage
from gdt.recognition.words import stage_sentence

JUDGED = "judged"  # told to the office alone: the nominees never learn who judged them


def name_judge(*, actor: Viewer, call: AwardCall, user: User | None) -> AwardJudge:
    """Name somebody who signs in as a judge of a year, and tell her by mail. Raises DomainError."""
    if user is None or user.suspended_at is not None:
        raise DomainError(_("Nobody who signs in here has this address. Invite her first."), "email")
    if judging_queries.find_judge(call, user) is not None:
        raise DomainError(_("%(name)s judges already.", name=user.name), "email")
    place = user.institution_id
    judge = AwardJudge(call=call, user=user, institution_id=place, own_institution=place or 0)
    db.session.add(judge)
    mail.send(
        "judge_named",
        to=user.email,
        subject=_("You judge the GDT awards of %(year)s", year=call.year),
        call=call,
        link=f"{current_app.config['BASE_URL']}/awards/{call.year}/judging",
    )
    audit.record(actor, "named", call, _("Named %(name)s as a judge.", name=user.name))
    return judge


def remove_judge(*, actor: Viewer, judge: AwardJudge) -> None:
    """Take a judge off who has not judged yet. Raises DomainError."""
    if judging_queries.judgements_by(judge):
        raise DomainError(_("%(name)s has judged already and stays.", name=judge.user.name))
    db.session.delete(judge)
    audit.record(actor, "took off", judge.call, _("Took %(name)s off the judges.", name=judge.user.name))


def conflict_of(judge: AwardJudge, nomination: Nomination, nominated: Nominated) -> str | None:
    """Why a judge may not judge a nomination, in a sentence; None where nothing stands against it."""
    places = {judge.institution_id, judge.user.institution_id} - {None}
    if nomination.institution_id in places:
        return str(_("You do not judge your own institution, or its people."))
    if nomination.nominated_by_id == judge.user_id:
        return str(_("You do not judge whom you nominated yourself."))
    is_hers = (
        nomination.institution_id in nominated.institutions
        if nomination.person_id is None
        else nomination.person_id in nominated.people
    )
    if is_hers:
        return str(_("You do not judge whom you nominated yourself, in whatever category."))
    if nomination.person is not None and nomination.person.email == judge.user.email:
        return str(_("You do not judge yourself."))
    return None


def judge_nomination(
    *,
    actor: Viewer,
    judge: AwardJudge,
    nomination: Nomination,
    points: Mapping[int, int | None],
    comment: str,
    stands_aside: bool = False,
) -> Judgement:
    """Keep a judge’s points and comment, or that she stands aside; until the office decides, anew.

    Raises DomainError for a conflict of interest, outside the days of judging, and for points that are
    missing or too many.
    """
    _refuse_now(judge, nomination)
    conflict = conflict_of(judge, nomination, judging_queries.nominated_by(judge))
    if conflict is not None:
        raise DomainError(conflict)
    if not comment:
        raise DomainError(_("Say in a sentence why: the office reads it."), "comment")
    scores = [] if stands_aside else [_score(one, points) for one in judge.call.criteria]
    judgement = judging_queries.find_judgement(judge, nomination) or _new(judge, nomination)
    judgement.scores.clear()
    db.session.flush()
    judgement.scores = scores
    judgement.comment, judgement.stands_aside, judgement.judged_at = comment, stands_aside, now()
    said = _("Stood aside.") if stands_aside else _("Judged the nomination.")
    audit.record(actor, JUDGED, nomination, said, institution_id=nomination.institution_id)
    return judgement


def field_of(criterion: AwardCriterion) -> str:
    """The name of a criterion’s field in the form."""
    return f"points_{criterion.id}"


def _refuse_now(judge: AwardJudge, nomination: Nomination) -> None:
    today, call = now().date(), judge.call
    queries.hold_call(call)
    db.session.refresh(nomination, ["state"])
    stage = call.stage(today)
    if stage is not Stage.JUDGING:
        raise DomainError(_("Judging has not begun. %(why)s", why=stage_sentence(call, stage)))
    if today > call.judged_by:
        raise DomainError(_("Judging ended on %(day)s. Ask the office.", day=day(call.judged_by)))
    if nomination.state is not NominationState.NOMINATED:
        raise DomainError(_("This nomination is decided already."))


def _score(criterion: AwardCriterion, points: Mapping[int, int | None]) -> Score:
    given = points.get(criterion.id)
    if given is None or not 0 <= given <= criterion.most:
        raise DomainError(_("Give from 0 to %(most)s points.", most=criterion.most), field_of(criterion))
    return Score(criterion_id=criterion.id, points=given)


def _new(judge: AwardJudge, nomination: Nomination) -> Judgement:
    judgement = Judgement(
        nomination_id=nomination.id,
        judge_id=judge.id,
        call_id=judge.call_id,
        judge_institution=judge.own_institution,
        judge_user_id=judge.user_id,
        nominee_institution=nomination.institution_id,
        nominated_by_id=nomination.nominated_by_id,
        judge_name=judge.user.name,
        comment="",
    )
    db.session.add(judgement)
    return judgement
