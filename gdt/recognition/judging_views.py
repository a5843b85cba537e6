"""Pages of judges, and those on which the office names them, sees how nominations stand, and certifies."""

from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_login import current_user

from gdt.access import Permission, requires, signed_in
from gdt.accounts.queries import find_user_by_email
from gdt.community.part_views import evidence_answer
from gdt.database import now
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.forms import form_page
from gdt.recognition import certifying, judging, judging_queries, queries, words
from gdt.recognition.blueprint import recognition
from gdt.recognition.forms import CertificatesForm, JudgeForm, judging_form
from gdt.recognition.judging_models import AwardJudge
from gdt.recognition.models import AwardCall, Nomination
from gdt.recognition.queries import get_call
from gdt.recognition.standing import Judged, Standing, standings

MANAGE = Permission.AWARDS_MANAGE


@recognition.route("/awards/<int:year>/judges", methods=["GET", "POST"])
@requires(MANAGE)
def judges(year: int) -> ResponseReturnValue:
    call, form = get_call(year), JudgeForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            user = find_user_by_email(form.email.data or "")
            judge = judging.name_judge(actor=current_user, call=call, user=user)
            flash(_("%(name)s is a judge now, and told by mail.", name=judge.user.name))
            return redirect(url_for(".judges", year=year))
        except DomainError as error:
            form.reject(error)
    named = [
        (judge, len(judging_queries.judgements_by(judge))) for judge in judging_queries.list_judges(call)
    ]
    return form_page("recognition/judges.html", form, call=call, judges=named)


@recognition.post("/awards/<int:year>/judges/<int:judge_id>/remove")
@requires(MANAGE)
def remove_judge(year: int, judge_id: int) -> ResponseReturnValue:
    judge = judging_queries.get_judge_of_call(get_call(year), judge_id)
    judging.remove_judge(actor=current_user, judge=judge)
    flash(_("%(name)s is no judge any more.", name=judge.user.name))
    return redirect(url_for(".judges", year=year))


@recognition.get("/awards/<int:year>/judging")
@signed_in
def to_judge(year: int) -> ResponseReturnValue:
    judge = judging_queries.get_judge(current_user, year)
    nominated, done = judging_queries.nominated_by(judge), judging_queries.judgements_by(judge)
    rows = [
        (one, judging.conflict_of(judge, one, nominated), done.get(one.id))
        for one in judging_queries.list_to_judge(judge.call)
    ]
    stage = judge.call.stage(now().date())
    sentence = words.stage_sentence(judge.call, stage)
    return render_template("recognition/to_judge.html", call=judge.call, rows=rows, sentence=sentence)


@recognition.route("/awards/<int:year>/judging/<int:nomination_id>", methods=["GET", "POST"])
@signed_in
def judge_nomination(year: int, nomination_id: int) -> ResponseReturnValue:
    judge, nomination = _asked(year, nomination_id)
    done = judging_queries.find_judgement(judge, nomination)
    drawn = {judging.field_of(score.criterion): score.points for score in done.scores} if done else {}
    form = judging_form(judge.call)(request.form, obj=done, data=drawn)
    if request.method == "POST" and form.validate():
        try:
            _judge(judge, nomination, form.values())
            flash(_("Kept. You can change it until the office has decided."))
            return redirect(url_for(".to_judge", year=year))
        except DomainError as error:
            form.reject(error)
    fields = [judging.field_of(criterion) for criterion in judge.call.criteria]
    return form_page(
        "recognition/judge_nomination.html", form, nomination=nomination, point_fields=fields, year=year
    )


@recognition.get("/awards/<int:year>/judging/<int:nomination_id>/files/<int:file_id>")
@signed_in
@hands_out(
    lazy_gettext("evidence for a nomination"),
    of=lambda year, nomination_id, file_id: _asked(year, nomination_id)[1],
)
def evidence_to_judge(year: int, nomination_id: int, file_id: int) -> ResponseReturnValue:
    _judge_of_it, nomination = _asked(year, nomination_id)
    return evidence_answer(queries.get_evidence(nomination, file_id))


@recognition.get("/awards/<int:year>/standing")
@requires(MANAGE)
def standing(year: int) -> ResponseReturnValue:
    call = get_call(year)
    nominations = judging_queries.list_to_judge(call)
    tables = [
        (category, _lines(call, [one for one in nominations if one.category_id == category.id]))
        for category in call.categories
    ]
    return render_template("recognition/standing.html", call=call, tables=tables, points=words.points)


@recognition.route("/awards/<int:year>/certificates", methods=["GET", "POST"])
@requires(Permission.AWARDS_MANAGE)
def award_certificates(year: int) -> ResponseReturnValue:
    call, form = get_call(year), CertificatesForm(request.form)
    findings = certifying.assess_awards(call, now().date())
    ready = min(sum(finding.is_ready for finding in findings), certifying.AT_ONCE)
    if request.method == "POST" and form.validate():
        try:
            seen = form.seen.data or 0
            issued = certifying.issue_award_certificates(actor=current_user, call=call, seen=seen)
            flash(ngettext("Issued %(num)s certificate.", "Issued %(num)s certificates.", len(issued)))
            return redirect(url_for(".award_certificates", year=year))
        except DomainError as error:
            form.reject(error)
    form.seen.data = ready
    return form_page("recognition/award_certificates.html", form, call=call, findings=findings, ready=ready)


def _asked(year: int, nomination_id: int) -> tuple[AwardJudge, Nomination]:
    """The viewer as a judge, and a nomination of the year that she may judge."""
    judge = judging_queries.get_judge(current_user, year)
    nomination = queries.get_nomination_of_call(judge.call, nomination_id)
    conflict = judging.conflict_of(judge, nomination, judging_queries.nominated_by(judge))
    if conflict is not None:
        raise DomainError(conflict)
    return judge, nomination


def _judge(judge: AwardJudge, nomination: Nomination, typed: dict[str, object]) -> None:
    points = {one.id: typed[judging.field_of(one)] for one in judge.call.criteria}
    judging.judge_nomination(
        actor=current_user,
        judge=judge,
        nomination=nomination,
        points=points,  # type: ignore[arg-type]
        comment=str(typed["comment"] or ""),
        stands_aside=bool(typed["stands_aside"]),
    )


def _lines(
    call: AwardCall, nominations: list[Nomination]
) -> list[tuple[Standing, Nomination, list[Fraction | None]]]:
    """How the nominations of a category stand, each with its mean of every criterion."""
    by_id = {one.id: one for one in nominations}
    judged = [Judged(j.nomination_id, j.by_criterion) for j in judging_queries.list_judgements(by_id)]
    return [
        (line, by_id[line.nomination_id], [line.by_criterion.get(one.id) for one in call.criteria])
        for line in standings(by_id, judged)
    ]
