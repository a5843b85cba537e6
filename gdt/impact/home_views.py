"""The home page of each role: what needs doing, then what was done, then the figures."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from gdt.access import Permission, Role, Viewer, may, public
from gdt.certification.batches.queries import is_visible
from gdt.certification.correction_requests.queries import count_open
from gdt.certification.issuing.approving import list_waiting_approvals, may_decide
from gdt.filters import day, number
from gdt.histories import in_words
from gdt.impact import next_steps
from gdt.impact.agreement_state import AgreementState, agreement_state
from gdt.impact.blueprint import impact
from gdt.impact.closing_queries import is_left_open
from gdt.impact.figures_page import key_figures
from gdt.impact.home_steps import Step, steps_of_others
from gdt.impact.next_steps import Pile
from gdt.impact.queries import load_network, read_figures, today
from gdt.impact.scopes import Scope
from gdt.impact.target_queries import read_goals, read_seasons
from gdt.impact.targets import STUDENTS, TEACHERS, paces
from gdt.impact.targets_page import not_reported
from gdt.partners.models import EXPIRING, Institution


@impact.get("/")
@public
def home() -> ResponseReturnValue:
    """The signed-in person's own page; for everyone else, what this is and the two things they can do."""
    if not current_user.is_authenticated:
        return render_template("impact/start.html")
    template, context = _home_of(current_user, today())
    return render_template(template, **context)


def _home_of(viewer: Viewer, today: date) -> tuple[str, dict[str, Any]]:
    """The template of the viewer's home, and what it shows."""
    template, make = {
        Role.COORDINATOR: ("impact/home_coordinator.html", _coordinator),
        Role.OFFICER: ("impact/home_officer.html", _officer),
        Role.LEADER: ("impact/home_leader.html", _leader),
        Role.ADMINISTRATOR: ("impact/home_administrator.html", _administrator),
    }[viewer.role]
    return template, make(viewer, today)


def _coordinator(viewer: Viewer, today: date) -> dict[str, Any]:
    institution = next_steps.get_own_institution(viewer)
    state = agreement_state(institution, today)
    network = load_network(viewer)
    scope = Scope(year=today.year, institution=institution.code)
    figures = read_figures(viewer, network, scope, (TEACHERS, STUDENTS))
    teachers_count, teachers = next_steps.list_teachers(viewer, today)
    return {
        "institution": institution,
        "agreement": state,
        "steps": [
            *steps_of_others(viewer, today),
            *_cohort_steps(viewer, today),
            *_agreement_step(institution, state, today),
        ],
        "teachers": teachers,
        "teachers_count": teachers_count,
        "cohorts": next_steps.list_latest_cohorts(viewer),
        "paces": paces(
            figures,
            scope,
            read_goals(viewer, network),
            today,
            read_seasons(viewer, network, scope),
        ),
        "scope": scope,
    }


def _cohort_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    empty = next_steps.cohorts_without_roster(viewer, today)
    for cohort in empty.first:
        sentence = _("%(cohort)s has no students yet.", cohort=cohort)
        yield Step(sentence, url_for("training.upload_roster", code=_code(cohort)), _("Upload the roster"))
    yield from _more(empty, _("cohorts have no students yet"))
    ended = next_steps.cohorts_without_completion(viewer, today)
    for cohort in ended.first:
        ended_on = day(getattr(cohort, "ends_on", None))
        sentence = _("%(cohort)s ended on %(day)s: say who completed it.", cohort=cohort, day=ended_on)
        yield Step(sentence, url_for("training.cohort", code=_code(cohort)), _("Mark completion"))
    yield from _more(ended, _("ended cohorts wait for completion"))
    sat = next_steps.sittings_without_results(viewer, today)
    for sitting in sat.first:
        sentence = _("%(sitting)s has no results yet.", sitting=sitting)
        yield Step(sentence, url_for("exams.sitting", code=_code(sitting)), _("Enter results"))
    yield from _more(sat, _("sittings wait for results"))


def _code(record: Any) -> str:
    return str(record.code)


def _more(pile: Pile, what: str) -> Iterator[Step]:
    hidden = pile.count - len(pile.first)
    if hidden > 0:
        sentence = _("%(n)s more %(what)s.", n=number(hidden), what=what)
        yield Step(sentence, url_for("training.cohorts"), _("All cohorts"))


def _agreement_step(institution: Institution, state: AgreementState, today: date) -> Iterator[Step]:
    agreement = state.agreement
    if agreement is None or agreement.ends_on > today + EXPIRING or state.kind == "ok":
        return
    left = (agreement.ends_on - today).days
    sentence = (
        ngettext(
            "Your agreement ends in %(num)s day: ask the GDT office to renew it.",
            "Your agreement ends in %(num)s days: ask the GDT office to renew it.",
            left,
        )
        if left >= 0
        else _("%(sentence)s Ask the GDT office to renew it.", sentence=state.sentence)
    )
    yield Step(sentence, url_for("partners.institution", code=institution.code), _("See the agreement"))


def _officer(viewer: Viewer, today: date) -> dict[str, Any]:
    return {
        "steps": [
            *_approval_steps(viewer),
            *steps_of_others(viewer, today),
            *_office_steps(viewer, today),
            *_year_step(viewer, today),
        ],
        "batches": next_steps.list_recent_batches(viewer),
    }


def _approval_steps(viewer: Viewer) -> Iterator[Step]:
    """The batches that wait for this officer, who did not order them."""
    for batch in list_waiting_approvals():
        if is_visible(viewer, batch) and may_decide(viewer, batch):
            sentence = ngettext(
                "%(name)s asks for approval of %(num)s certificate: %(subject)s.",
                "%(name)s asks for approval of %(num)s certificates: %(subject)s.",
                batch.job_total,
                name=batch.ordered_by_name,
                subject=batch.subject,
            )
            yield Step(sentence, url_for("certification.batch", batch_id=batch.id), _("Look and decide"))


def _office_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    ready = next_steps.count_ready(viewer, today)
    if ready:
        sentence = ngettext(
            "%(num)s student has completed a cohort and passed its exam, and holds no certificate yet.",
            "%(num)s students have completed a cohort and passed its exam, and hold no certificate yet.",
            ready,
        )
        yield Step(sentence, url_for("certification.ready"), _("Ready to certify"))
    asked = count_open(viewer)
    if asked:
        sentence = ngettext(
            "%(num)s holder asks for a correction.", "%(num)s holders ask for a correction.", asked
        )
        url = url_for("certification.correction_requests", state="open")
        yield Step(sentence, url, _("Answer"))
    claimed = next_steps.count_claimed(viewer) if may(viewer, Permission.IMPACT_READ) else 0
    if claimed:
        sentence = ngettext(
            "%(num)s headcount waits to be verified.", "%(num)s headcounts wait to be verified.", claimed
        )
        rows = url_for("impact.measure_rows", measure=STUDENTS.slug, source="headcounts")
        yield Step(sentence, rows, _("See headcounts"))
    ending = next_steps.ending_agreements(viewer, today)
    for institution in ending.first:
        state = agreement_state(institution, today)  # type: ignore[arg-type]
        url = url_for("partners.institution", code=_code(institution))
        yield Step(f"{institution}: {state.sentence}", url, _("Renew"))
    if ending.count > len(ending.first):
        sentence = _("%(n)s more agreements end soon.", n=number(ending.count - len(ending.first)))
        yield Step(sentence, url_for("partners.institutions"), _("All institutions"))


def _year_step(viewer: Viewer, today: date) -> Iterator[Step]:
    """Last year, where it has figures and is not closed."""
    year = today.year - 1
    if may(viewer, Permission.YEARS_CLOSE) and is_left_open(year):
        sentence = _("%(year)s is over and not closed yet: its figures still change.", year=year)
        yield Step(sentence, url_for("impact.year", year=year), _("Look and close"))


def _leader(viewer: Viewer, today: date) -> dict[str, Any]:
    network = load_network(viewer)
    figures = read_figures(viewer, network, Scope())
    scope = Scope(year=today.year)
    goals, seasons = read_goals(viewer, network), read_seasons(viewer, network, scope)
    return {
        "key_figures": key_figures(figures, Scope(), today),
        "paces": paces(figures, scope, goals, today, seasons),
        "silent": not_reported(figures, scope),
        "scope": scope,
        "steps": list(steps_of_others(viewer, today)),
        "today": today,
    }


def _administrator(_viewer: Viewer, _today: date) -> dict[str, Any]:
    return {
        "users": next_steps.count_users(),
        "events": [in_words(event) for event in next_steps.list_latest_events()],
    }
