"""Requests to be forgotten: asking, deciding, declining, and going on where the work stopped."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from gdt import audit, jobs
from gdt.access import OFFICE, Viewer, sees_all, within
from gdt.certification.log.models import LogLeaf
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.exams.models import Result
from gdt.jobs import JobState
from gdt.partners.models import Institution
from gdt.people.merge_queries import list_institutions_of
from gdt.people.models import Person
from gdt.privacy.holdings import Holdings, holdings_of
from gdt.privacy.models import AskedBy, ErasureRequest, Outcome, RequestState
from gdt.privacy.queries import find_waiting
from gdt.row_security import everything
from gdt.training.models import Enrolment, Qualification


@dataclass(frozen=True)
class Preview:
    """What would go and what would stay, counted."""

    held: Holdings
    enrolments: int
    results: int
    qualifications: int
    entries_of_log: int
    places: int


@everything()
def ask_to_forget(
    *, actor: Viewer, person: Person, words: str, asked_by: AskedBy, name: str = ""
) -> ErasureRequest:
    """Put somebody's wish to be forgotten before the office. Raises DomainError when it waits already.

    A partner asks for people of its own institution alone: RecordNotFound for one who belongs elsewhere, too.
    """
    if person.erased_at is not None or person.merged_into_id is not None:
        raise DomainError(_("This entry was erased, or is part of another one."))
    if find_waiting(person) is not None:
        raise DomainError(_("This is asked for already, and the programme office will answer it."))
    places = list_institutions_of([person.id])
    if actor is not OFFICE and not sees_all(actor):
        _refuse_stranger(actor, places)
    request = ErasureRequest(
        person_id=person.id,
        institution_id=next(iter(places)) if len(places) == 1 else None,
        asked_by=asked_by,
        asked_by_name=name or actor.name,
        words=words,
        job_state=JobState.DONE,
    )
    db.session.add(request)
    by = {"by": "holder"} if asked_by is AskedBy.HOLDER else {}
    summary = _("Asked that a person be forgotten")
    audit.record(actor, "asked", request, summary, institution_id=request.institution_id, **by)
    return request


def _refuse_stranger(actor: Viewer, places: Collection[int]) -> None:
    mine = select(Institution.id).where(Institution.id.in_(places), within(actor, Institution.id))
    if set(db.session.scalars(mine)) != set(places):
        raise DomainError(
            _("This person has records at other institutions, too. Ask the programme office to do it.")
        )


def preview(request: ErasureRequest) -> Preview:
    """Count what is hers, for the page on which the office decides."""
    held = holdings_of(request.person_id)

    def count(column: Any, ids: Collection[int]) -> int:
        return db.session.scalar(select(func.count()).where(column.in_(ids))) or 0

    return Preview(
        held=held,
        enrolments=count(Enrolment.person_id, held.persons),
        results=count(Result.person_id, held.persons),
        qualifications=count(Qualification.person_id, held.persons),
        entries_of_log=count(LogLeaf.certificate_id, held.certificates),
        places=len(list_institutions_of(held.persons)),
    )


def erase_person(
    *, actor: Viewer, request: ErasureRequest, outcome: Outcome, wait_seconds: float = 1.5
) -> None:
    """Decide that she is forgotten, and begin. From now on nothing new is printed or mailed of her."""
    _decide(actor, request, RequestState.ERASING)
    request.outcome, request.job_state, request.job_total = outcome, JobState.WAITING, 1
    hers = Person.id.in_(holdings_of(request.person_id).persons), Person.erased_at.is_(None)
    db.session.execute(update(Person).where(*hers).values(erased_at=now()))
    _record(actor, "began to erase", request, _("Decided that a person is forgotten"))
    jobs.start(request, wait_seconds=wait_seconds)


def decline(*, actor: Viewer, request: ErasureRequest, words: str) -> None:
    """Answer with no, and why."""
    _decide(actor, request, RequestState.DECLINED)
    request.answer = words
    _record(actor, "declined", request, _("Declined to forget a person"))


def go_on(*, actor: Viewer, request: ErasureRequest) -> None:
    """Begin again where the work stopped. Raises DomainError when there is nothing to go on with."""
    if request.state is not RequestState.ERASING or request.job_state is not JobState.FAILED:
        raise DomainError(_("There is nothing to go on with."))
    request.job_run += 1
    request.job_state, request.job_failure = JobState.WAITING, None
    _record(actor, "went on", request, _("Went on with erasing"))
    jobs.start(request, wait_seconds=1.5)


def _decide(actor: Viewer, request: ErasureRequest, state: RequestState) -> None:
    db.session.refresh(request, with_for_update={"of": ErasureRequest})
    if request.state is not RequestState.OPEN:
        raise DomainError(_("This request was decided already. Nothing was changed."))
    request.state, request.decided_at = state, now()
    request.decided_by_id, request.decided_by_name = actor.id, actor.name


def _record(actor: Viewer, action: str, request: ErasureRequest, summary: str) -> None:
    audit.record(actor, action, request, summary, institution_id=request.institution_id)
