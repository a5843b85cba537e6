"""The home page of each role: what needs doing, then what was done, then the figures."""

from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Role, Viewer, public
from gdt.histories import in_words
from gdt.impact import next_steps
from gdt.impact.agreement_state import agreement_state
from gdt.impact.blueprint import impact
from gdt.impact.figures_page import key_figures
from gdt.impact.home_lists import list_steps
from gdt.impact.lately import list_lately
from gdt.impact.queries import load_network, read_figures, today
from gdt.impact.scopes import Scope
from gdt.impact.target_queries import read_goals, read_seasons
from gdt.impact.targets import STUDENTS, TEACHERS, paces
from gdt.impact.targets_page import not_reported
from gdt.training.qualifications import list_latest
from gdt.training.words import validity_word


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
        Role.TEACHER: ("impact/home_teacher.html", _teacher),
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
        "steps": list_steps(viewer, today),
        "lately": list_lately(viewer),
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


def _teacher(viewer: Viewer, today: date) -> dict[str, Any]:
    return {
        "teaches": next_steps.find_place_taught(viewer),
        "steps": list_steps(viewer, today),
        "lately": list_lately(viewer),
        "cohorts": next_steps.list_latest_cohorts(viewer),
        "held": list_latest([viewer.person_id or 0]).get(viewer.person_id or 0, []),
        "validity_word": validity_word,
        "today": today,
    }


def _officer(viewer: Viewer, today: date) -> dict[str, Any]:
    return {
        "steps": list_steps(viewer, today),
        "lately": list_lately(viewer),
        "batches": next_steps.list_recent_batches(viewer),
    }


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
        "steps": list_steps(viewer, today),
        "lately": list_lately(viewer),
        "today": today,
    }


def _administrator(viewer: Viewer, today: date) -> dict[str, Any]:
    return {
        "users": next_steps.count_users(),
        "steps": list_steps(viewer, today),
        "events": [in_words(event) for event in next_steps.list_latest_events()],
    }
