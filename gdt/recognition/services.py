"""A year’s awards: the call, the nominations of partners, and what the office decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from gdt import audit, documents
from gdt.access import Viewer
from gdt.certification.models import CertificateState
from gdt.community.evidence_files import ending_of, tidy_name
from gdt.community.models import Project
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.recognition import queries
from gdt.recognition.judging_queries import list_judgements
from gdt.recognition.models import (
    AwardCall,
    AwardCategory,
    AwardCriterion,
    Nomination,
    NominationEvidence,
    NomineeKind,
)
from gdt.recognition.stages import Act, NominationState, Stage, StepRefused, after
from gdt.recognition.words import STATES, stage_sentence

EVIDENCE, MOST_EVIDENCE = "nomination-evidence", 10
DAYS = ("opens_on", "closes_on", "judged_by")


def open_call(
    *,
    actor: Viewer,
    year: int,
    days: dict[str, date],
    categories: Sequence[tuple[str, str]],
    criteria: Sequence[tuple[str, int]],
) -> AwardCall:
    """Announce the awards of a year; partners nominate between its days. Raises DomainError."""
    _check_days(days)
    if any(call.year == year for call, *_counts in queries.list_calls(actor)):
        raise DomainError(_("The awards of %(year)s are there already.", year=year), "year")
    call = AwardCall(year=year, **days)
    _write_lists(call, categories, criteria)
    db.session.add(call)
    audit.record(actor, "opened", call, _("Announced the awards of %(year)s.", year=year))
    return call


def change_call(
    *,
    actor: Viewer,
    call: AwardCall,
    days: dict[str, date],
    categories: Sequence[tuple[str, str]],
    criteria: Sequence[tuple[str, int]],
) -> None:
    """Change the days; categories and criteria only while nobody is nominated. Raises DomainError."""
    _check_days(days)
    queries.hold_call(call)
    same = [(c.name, c.description) for c in call.categories] == list(categories)
    if not same or [(c.name, c.most) for c in call.criteria] != list(criteria):
        if queries.count_nominations(call):
            field = "criteria" if same else "categories"
            raise DomainError(_("Somebody is nominated already, so this stays as it is."), field)
        for old in (*call.categories, *call.criteria):
            db.session.delete(old)
        db.session.flush()
        call.categories, call.criteria = [], []
        _write_lists(call, categories, criteria)
    for name, value in days.items():
        setattr(call, name, value)
    audit.record(actor, "changed", call, _("Changed the awards of %(year)s.", year=call.year))


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Who is proposed for what, and why; without a person it is the institution itself."""

    category: AwardCategory
    kind: NomineeKind
    institution: Institution
    person: Person | None = None
    case_for: str
    may_be_named: bool = False
    project: Project | None = None


def nominate(*, actor: Viewer, call: AwardCall, proposal: Proposal) -> Nomination:
    """Nominate an institution, or one of its people, while nominations are taken. Raises DomainError."""
    queries.hold_call(call)
    stage = call.stage(now().date())
    if stage is not Stage.OPEN:
        raise DomainError(_("Nothing was nominated. %(why)s", why=stage_sentence(call, stage)))
    same = queries.find_same(proposal.category, proposal.institution, proposal.person)
    if same is not None:
        raise DomainError(_nominated_already(same))
    values = dict(vars(proposal))
    nomination = Nomination(
        call=call,
        nominee_kind=values.pop("kind"),
        nominated_by_id=actor.id,
        nominated_by_name=actor.name,
        **values,
    )
    db.session.add(nomination)
    _record(actor, "nominated", nomination, _("Nominated for %(award)s.", award=proposal.category.name))
    return nomination


def _nominated_already(same: Nomination) -> str:
    sentence: str = _(
        "%(nominee)s was nominated for %(award)s on %(day)s by %(name)s already. Add what you know to that "
        "nomination.",
        nominee=same.nominee,
        award=same.category.name,
        day=day(same.nominated_at.date()),
        name=same.nominated_by_name,
    )
    return sentence


def find_nominee(*, institution: Institution, kind: NomineeKind, words: str) -> Person | None:
    """The one person meant by a number, an e-mail or a name; None for an institution. Raises DomainError."""
    if kind is NomineeKind.INSTITUTION:
        return None
    found = queries.list_people_called(institution, kind, words) if words.strip() else []
    if len(found) == 1:
        return found[0]
    if not found:
        sentence = _(
            "Nobody in this role at %(place)s has this number, e-mail or name. Look under People.",
            place=institution.name,
        )
    else:
        sentence = _("Several people at %(place)s fit. Give the number or e-mail.", place=institution.name)
    raise DomainError(sentence, "person")


def withdraw(*, actor: Viewer, nomination: Nomination) -> None:
    """Take a nomination back before it is decided; it can be made again."""
    nomination.state = after_or_refuse(nomination, Act.WITHDRAW)
    _record(actor, "withdrew", nomination, _("Withdrew the nomination."))


def add_evidence(
    *, actor: Viewer, nomination: Nomination, content: bytes, filename: str
) -> NominationEvidence:
    """Keep a file that shows what the nomination says, while nominations are taken. Raises DomainError."""
    after_or_refuse(nomination, Act.WITHDRAW)
    stage = nomination.call.stage(now().date())
    if stage is not Stage.OPEN:
        raise DomainError(stage_sentence(nomination.call, stage))
    if len(nomination.evidence) >= MOST_EVIDENCE:
        raise DomainError(_("There are %(n)s files already.", n=MOST_EVIDENCE), "evidence")
    key, digest = documents.keep(EVIDENCE, content, suffix=ending_of(content, filename))
    if any(kept.file_sha256 == digest for kept in nomination.evidence):
        raise DomainError(_("This file is there already."), "evidence")
    name = tidy_name(filename)
    kept = NominationEvidence(name=name, file_key=key, file_sha256=digest, file_size=len(content))
    nomination.evidence.append(kept)
    _record(actor, "added", nomination, _("Added evidence: %(name)s", name=name))
    return kept


def give_award(
    *,
    actor: Viewer,
    nomination: Nomination,
    reason: str,
    citation: str,
    given_on: date,
    given_at_place: str | None = None,
) -> None:
    """Decide that the award is given on a day, and why. Raises DomainError.

    A category has one award for institutions, one for lecturers and one for students.
    """
    state = _ready_to_decide(actor, nomination, Act.GIVE)
    if not citation:
        raise DomainError(_("Write the sentence that stands on the honours page."), "citation")
    winner = queries.find_given(nomination)
    if winner is not None:
        raise DomainError(_("This award was given to %(name)s. Take that back first.", name=winner.nominee))
    if all(judged.stands_aside for judged in list_judgements([nomination.id])):
        raise DomainError(_("No judge has given points yet. Name a judge, or ask one to judge it."))
    _decide(actor, nomination, state, reason)
    nomination.citation, nomination.given_on = citation, given_on
    nomination.given_at_place = given_at_place or None
    _record(actor, "gave", nomination, _("Gave the award: %(reason)s", reason=reason))


def pass_over(*, actor: Viewer, nomination: Nomination, reason: str) -> None:
    """Decide that this nomination gets no award, and why. Raises DomainError."""
    state = _ready_to_decide(actor, nomination, Act.PASS_OVER)
    _decide(actor, nomination, state, reason)
    _record(actor, "passed over", nomination, _("Passed over: %(reason)s", reason=reason))


def take_back(*, actor: Viewer, nomination: Nomination) -> None:
    """Take a decision back. Raises DomainError while a certificate for the award stands."""
    state = after_or_refuse(nomination, Act.TAKE_BACK)
    certificate = queries.certificates_of([nomination]).get(nomination.id)
    if certificate is not None and certificate.state(now().date()) is CertificateState.VALID:
        raise DomainError(
            _("Certificate %(number)s says that it was given. Revoke it first.", number=certificate.number)
        )
    nomination.state = state
    nomination.decided_by_id = nomination.decided_by_name = nomination.decided_at = None
    nomination.reason = nomination.citation = nomination.given_on = nomination.given_at_place = None
    nomination.told_at = None
    _record(actor, "took back", nomination, _("Took the decision back."))


def after_or_refuse(nomination: Nomination, act: Act) -> NominationState:
    """The state an act leads to; raises DomainError with what the nomination is now. Its row is held."""
    db.session.refresh(nomination, ["state"], with_for_update={"of": Nomination})
    stage = nomination.call.stage(now().date())
    try:
        return after(nomination.state, act, stage)
    except StepRefused as error:
        word = str(STATES[nomination.state][0]).lower()
        why = stage_sentence(nomination.call, stage)
        raise DomainError(
            _("This cannot be done now: it is %(state)s. %(why)s", state=word, why=why)
        ) from error


def _ready_to_decide(actor: Viewer, nomination: Nomination, act: Act) -> NominationState:
    queries.hold_call(nomination.call)
    state = after_or_refuse(nomination, act)
    if actor.id is None or actor.id == nomination.nominated_by_id:
        raise DomainError(_("Whoever nominated does not decide. Ask another officer."))
    return state


def _decide(actor: Viewer, nomination: Nomination, state: NominationState, reason: str) -> None:
    if not reason:
        raise DomainError(_("Say why: the trail keeps it."), "reason")
    nomination.state, nomination.reason = state, reason
    nomination.decided_at, nomination.decided_by_id = now(), actor.id
    nomination.decided_by_name = actor.name


def _check_days(days: dict[str, date]) -> None:
    if days["closes_on"] < days["opens_on"]:
        raise DomainError(_("It cannot close before it opens."), "closes_on")
    if days["judged_by"] <= days["closes_on"]:
        raise DomainError(_("Judging begins the day after nominations close. Give a later day."), "judged_by")


def _write_lists(
    call: AwardCall, categories: Sequence[tuple[str, str]], criteria: Sequence[tuple[str, int]]
) -> None:
    call.categories = [
        AwardCategory(position=n, name=name, description=words)
        for n, (name, words) in enumerate(categories, start=1)
    ]
    call.criteria = [
        AwardCriterion(position=n, name=name, most=most) for n, (name, most) in enumerate(criteria, start=1)
    ]


def _record(actor: Viewer, action: str, nomination: Nomination, summary: str, **details: Any) -> None:
    place = nomination.institution_id or nomination.institution.id
    audit.record(actor, action, nomination, summary, institution_id=place, **details)
