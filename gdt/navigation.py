"""Where one can go: the main navigation of each role, and the tabs of the records that features share.

Endpoints are named here as text, because a record's tabs belong to features that stand above it.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

from gdt.access import Permission, may


@dataclass(frozen=True)
class Place:
    """A destination and the permission it takes to go there."""

    label: Any
    endpoint: str
    permission: Permission


@dataclass(frozen=True)
class Section:
    """A word of the main navigation, the features whose pages it holds, and where it leads."""

    label: Any
    features: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True)
class Group:
    """A section as one viewer sees it: it leads to the first of its pages that she may open."""

    label: str
    is_current: bool
    links: list[Link]


MAIN = (
    Section(
        _("Home"),
        (),
        (
            Place(_("Home"), "impact.home", Permission.INSTITUTIONS_READ),
            Place(_("Home"), "impact.home", Permission.TEACHING_OWN),
        ),
    ),
    Section(
        _("Figures"),
        ("impact", "reporting"),
        (
            Place(_("Figures"), "impact.figures", Permission.IMPACT_READ),
            Place(_("Targets"), "impact.targets", Permission.IMPACT_READ),
            Place(_("Years"), "impact.years", Permission.IMPACT_READ),
            Place(_("Reporting"), "reporting.rounds", Permission.REPORTS_READ),
            Place(_("Unusual numbers"), "reporting.findings", Permission.REPORTS_DECIDE),
        ),
    ),
    Section(
        _("Institutions"),
        ("partners", "joining", "renewals", "community", "recognition", "events"),
        (
            Place(_("Institutions"), "partners.institutions", Permission.INSTITUTIONS_MANAGE),
            Place(_("Applications"), "joining.applications", Permission.INSTITUTIONS_MANAGE),
            Place(_("Renewals"), "renewals.calendar", Permission.AGREEMENTS_MANAGE),
            Place(_("Projects"), "community.projects", Permission.PROJECTS_READ),
            Place(_("Awards"), "recognition.calls", Permission.AWARDS_READ),
            Place(_("Events"), "events.all_events", Permission.EVENTS_READ),
        ),
    ),
    Section(
        _("Teaching"),
        ("training", "exams", "imports"),
        (
            Place(_("My teaching"), "training.own_teaching", Permission.TEACHING_OWN),
            Place(_("Cohorts"), "training.cohorts", Permission.COHORTS_READ),
            Place(_("Teacher training"), "training.trainings", Permission.TRAININGS_READ),
            Place(_("Invitations"), "training.training_invitations", Permission.TRAININGS_APPLY),
            Place(_("Courses"), "training.courses", Permission.COHORTS_READ),
            Place(_("Modules"), "training.modules", Permission.COHORTS_READ),
            Place(_("Pass rates"), "exams.pass_rates", Permission.IMPACT_READ),
            Place(_("Marks that wait"), "exams.moderation", Permission.RESULTS_RECORD),
            Place(_("Unusual sittings"), "exams.flags", Permission.RESULTS_MODERATE),
            Place(_("Uploads"), "imports.uploads_list", Permission.IMPORTS_MANAGE),
        ),
    ),
    Section(
        _("People"),
        ("people", "privacy"),
        (
            Place(_("People"), "people.persons", Permission.PEOPLE_READ),
            Place(_("Probable duplicates"), "people.duplicates", Permission.PEOPLE_MERGE),
            Place(_("Merges"), "people.merges", Permission.PEOPLE_MERGE),
            Place(_("To be forgotten"), "privacy.erasure_requests", Permission.PRIVACY_ASK),
            Place(_("Personal data"), "privacy.register", Permission.PRIVACY_READ),
        ),
    ),
    Section(
        _("Certificates"),
        ("certification",),
        (
            Place(_("Issued"), "certification.certificates", Permission.CERTIFICATES_READ),
            Place(_("Ready to certify"), "certification.ready", Permission.CERTIFICATES_ISSUE),
            Place(_("Corrections"), "certification.correction_requests", Permission.CORRECTIONS_COMMENT),
            Place(_("Designs"), "certification.designs", Permission.DESIGNS_MANAGE),
            Place(_("Keys"), "certification.keys", Permission.KEYS_MANAGE),
            Place(_("Halt issuing"), "certification.issuing_switch", Permission.CERTIFICATES_HALT),
        ),
    ),
    Section(
        _("Accounts"),
        ("accounts",),
        (
            Place(_("Users"), "accounts.users", Permission.USERS_INVITE),
            Place(_("Sign-in by institutions"), "accounts.sign_in_services", Permission.USERS_MANAGE),
            Place(_("Trail"), "accounts.trail", Permission.AUDIT_READ),
        ),
    ),
)

TABS: dict[str, tuple[Place, ...]] = {
    "institution": (
        Place(_("Overview"), "partners.institution", Permission.INSTITUTIONS_READ),
        Place(_("Teachers"), "training.institution_teachers", Permission.PEOPLE_READ),
        Place(_("Cohorts"), "training.institution_cohorts", Permission.IMPACT_READ),
        Place(_("Figures"), "impact.institution_figures", Permission.IMPACT_READ),
        Place(_("Partner certificate"), "certification.partner_certificate", Permission.INSTITUTIONS_READ),
        Place(_("Look of certificates"), "certification.look", Permission.INSTITUTIONS_READ),
    ),
    "cohort": (
        Place(_("Students"), "training.cohort", Permission.COHORTS_READ),
        Place(_("Exams"), "exams.cohort_exams", Permission.COHORTS_READ),
        Place(_("Certificates"), "certification.cohort_certificates", Permission.CERTIFICATES_READ),
        Place(_("History"), "training.cohort_history", Permission.COHORTS_READ),
    ),
    "training": (
        Place(_("Teachers and outcomes"), "training.training", Permission.TRAININGS_READ),
        Place(_("Places"), "training.training_places", Permission.TRAININGS_READ),
        Place(_("Timetable"), "training.timetable", Permission.TRAININGS_READ),
        Place(_("Feedback"), "training.training_feedback", Permission.TRAININGS_READ),
    ),
    "person": (
        Place(_("Person"), "people.person", Permission.PEOPLE_READ),
        Place(_("Learning and teaching"), "training.person_record", Permission.PEOPLE_READ),
        Place(_("Certificates"), "certification.person_certificates", Permission.CERTIFICATES_READ),
        Place(_("Data and privacy"), "privacy.person_privacy", Permission.PRIVACY_ASK),
    ),
}


def tabs(record: str, *, counts: dict[str, int] | None = None, **url_values: Any) -> list[Link]:
    """The tabs of a record's page the viewer may open; `counts` by endpoint, `url_values` name the record."""
    return [_link(place, (counts or {}).get(place.endpoint), **url_values) for place in _open(TABS[record])]


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"nav_items": _main_links()})
    app.jinja_env.globals["tabs_of"] = tabs


def _main_links() -> list[Group]:
    if not has_request_context() or not current_user.is_authenticated:  # a command writes mails, too
        return []
    here = _section_here()
    found = ((section, [_link(place, None) for place in _open(section.places)]) for section in MAIN)
    return [Group(str(section.label), section is here, links) for section, links in found if links]


def _section_here() -> Section | None:
    """Where a page stands: the section that names it, else the one that holds its feature."""
    named = (one for one in MAIN if any(place.endpoint == request.endpoint for place in one.places))
    holding = (one for one in MAIN if request.blueprint in one.features)
    return next(named, None) or next(holding, None)


def _open(places: tuple[Place, ...]) -> list[Place]:
    return [place for place in places if may(current_user, place.permission)]


def _link(place: Place, count: int | None, **url_values: Any) -> Link:
    return Link(
        str(place.label), url_for(place.endpoint, **url_values), request.endpoint == place.endpoint, count
    )
