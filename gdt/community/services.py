"""A project on its way: written and sent by the institution, asked back, declined or counted by us."""

import re
import unicodedata
from datetime import date
from typing import Any

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.community import queries
from gdt.community.models import Project
from gdt.community.states import Act, ProjectState, StepRefused, after
from gdt.community.words import STATES
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Institution

LONGEST_CODE = 60
WRITTEN = (
    "kind",
    "title",
    "story",
    "starts_on",
    "ends_on",
    "people_taking_part",
    "people_helped",
    "products_helped",
    "businesses_helped",
    "may_be_shown",
)


def begin_project(*, actor: Viewer, institution: Institution, **written: Any) -> Project:
    """Write a new project of an institution; nobody but it and the office sees it yet."""
    _check_dates(written["starts_on"], written["ends_on"])
    project = Project(
        institution=institution,
        code=_free_code(institution, written["title"]),
        written_by_name=actor.name,
        **{name: written[name] for name in WRITTEN},
    )
    db.session.add(project)
    _record(actor, "wrote", project, _("Began to write the project."))
    return project


def change_project(*, actor: Viewer, project: Project, **written: Any) -> None:
    """Write a project anew that has not been sent, or was asked back."""
    refuse_unless_written(project)
    _check_dates(written["starts_on"], written["ends_on"])
    changed = [name for name in WRITTEN if getattr(project, name) != written[name]]
    for name in changed:
        setattr(project, name, written[name])
    if changed:
        _record(actor, "changed", project, _("Changed what is written of the project."))


def send_project(*, actor: Viewer, project: Project, answer: str = "") -> None:
    """Claim a project: the office looks at it next. A question must be answered in words."""
    was_asked = project.question is not None
    state = _after_or_refuse(project, Act.SEND)
    if was_asked and not answer:
        raise DomainError(_("Answer the office’s question in a sentence."), "answer")
    for missing in missing_parts(project):
        raise DomainError(missing)
    project.state, project.sent_at = state, now()
    project.question, project.answer = None, answer or None
    said = _("Sent the project: %(answer)s", answer=answer) if answer else _("Sent the project.")
    _record(actor, "sent", project, said)


def take_back(*, actor: Viewer, project: Project) -> None:
    """Take a claim back, or write a declined project anew."""
    project.state = _after_or_refuse(project, Act.TAKE_BACK)
    project.sent_at = project.decided_at = project.decided_by_name = project.reason = project.answer = None
    _record(actor, "took back", project, _("Took the project back to write it anew."))


def ask_back(*, actor: Viewer, project: Project, question: str) -> None:
    """Give a claim back with a question; the institution answers and sends it again."""
    state = _after_or_refuse(project, Act.ASK)
    if not question:
        raise DomainError(_("Write what you want to know."), "words")
    project.state, project.question = state, question
    _record(actor, "asked back", project, _("Asked: %(question)s", question=question))


def decline_project(*, actor: Viewer, project: Project, reason: str) -> None:
    """Say why a claim does not count."""
    _decide_against(actor, project, Act.DECLINE, reason)
    _record(actor, "declined", project, _("Declined the project: %(reason)s", reason=reason))


def count_project(*, actor: Viewer, project: Project) -> None:
    """Count a claim from now on: it enters the figures, and the showcase if it may be shown."""
    state = _after_or_refuse(project, Act.COUNT)
    for missing in missing_parts(project):
        raise DomainError(missing)
    project.state, project.reason = state, None
    project.decided_at, project.decided_by_name = now(), actor.name
    _record(actor, "counted", project, _("Looked at the project and counted it."))


def take_out(*, actor: Viewer, project: Project, reason: str) -> None:
    """Count a project no more, and say why; figures of closed years show it as a restatement."""
    _decide_against(actor, project, Act.TAKE_OUT, reason)
    _record(actor, "took out", project, _("Counts no more: %(reason)s", reason=reason))


def allow_showing(*, actor: Viewer, project: Project, may_be_shown: bool) -> None:
    """Keep whether everybody in the pictures agrees; without it the project leaves the showcase at once."""
    if project.may_be_shown == may_be_shown:
        return
    project.may_be_shown = may_be_shown
    said = _("The project may be shown in public.") if may_be_shown else _("It may be shown no more.")
    _record(actor, "allowed" if may_be_shown else "withdrew", project, said)


def missing_parts(project: Project) -> list[str]:
    """What a project still needs before it can be sent, in sentences."""
    missing = []
    if not project.places:
        missing.append(_("Add a place where it worked."))
    if not project.evidence:
        missing.append(_("Add evidence: a file by which the office can see that it happened."))
    if not (project.people_taking_part or project.people_helped):
        missing.append(_("Say how many people took part, or were helped."))
    if project.starts_on > now().date():
        missing.append(_("It has not begun yet. Send it once there is something to tell."))
    return missing


def refuse_unless_written(project: Project) -> None:
    """Raise DomainError where the project is not the institution’s to write any more. Its row is held."""
    queries.hold_project(project)
    if not project.is_being_written:
        raise DomainError(
            _(
                "The project is %(state)s, so nothing of it is changed. Take it back first.",
                state=_word(project),
            )
        )


def _decide_against(actor: Viewer, project: Project, act: Act, reason: str) -> None:
    state = _after_or_refuse(project, act)
    if not reason:
        raise DomainError(_("Say why, so that the institution understands."), "words")
    project.state, project.reason = state, reason
    project.decided_at, project.decided_by_name = now(), actor.name


def _after_or_refuse(project: Project, act: Act) -> ProjectState:
    queries.hold_project(project)
    try:
        return after(project.state, act)
    except StepRefused as error:
        raise DomainError(_("This cannot be done now: it is %(state)s.", state=_word(project))) from error


def _word(project: Project) -> str:
    return str(STATES[project.state][0]).lower()


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise DomainError(_("It cannot end before it begins."), "ends_on")


def _free_code(institution: Institution, title: str) -> str:
    """The institution’s code and the title’s Latin words; a number where that is taken."""
    latin = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", latin)) or "project"
    start = f"{institution.code}-{words}"[:LONGEST_CODE].rstrip("-")
    taken = queries.list_codes_like(start)
    return next(
        code for n in range(1, len(taken) + 2) if (code := f"{start}-{n}" if n > 1 else start) not in taken
    )


def _record(actor: Viewer, action: str, project: Project, summary: str, **details: Any) -> None:
    audit.record(actor, action, project, summary, institution_id=_place(project), **details)


def _place(project: Project) -> int:
    return project.institution_id or project.institution.id
