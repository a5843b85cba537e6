"""Who may do what: every permission, every role, and the decorators that guard the views."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol

from flask import Flask, abort, flash, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import LoginManager, current_user
from sqlalchemy import ColumnElement, column, false, select, table, true

from gdt.bearer import carries_bearer
from gdt.errors import is_for_a_program

View = Callable[..., Any]
login_manager = LoginManager()
# Where an institution is, known here by name: the features that hold these tables stand far above.
_institutions = table("institutions", column("id"), column("country_id"))
_countries = table("countries", column("id"), column("region_id"))


class Permission(StrEnum):
    """Named `<resource>:<action>`, alphabetical."""

    AGREEMENTS_MANAGE = "agreements:manage"
    ATTENDANCE_RECORD = "attendance:record"
    AUDIT_READ = "audit:read"
    AWARDS_MANAGE = "awards:manage"
    AWARDS_NOMINATE = "awards:nominate"
    AWARDS_READ = "awards:read"
    CERTIFICATES_HALT = "certificates:halt"
    CERTIFICATES_ISSUE = "certificates:issue"
    CERTIFICATES_READ = "certificates:read"
    CERTIFICATES_REVOKE = "certificates:revoke"
    COHORTS_MANAGE = "cohorts:manage"
    COHORTS_READ = "cohorts:read"
    CONTACTS_MANAGE = "contacts:manage"
    CORRECTIONS_ANSWER = "corrections:answer"
    CORRECTIONS_COMMENT = "corrections:comment"
    CURRICULUM_MANAGE = "curriculum:manage"
    DESIGNS_MANAGE = "designs:manage"
    EVENTS_MANAGE = "events:manage"
    EVENTS_READ = "events:read"
    HEADCOUNTS_VERIFY = "headcounts:verify"
    IMPACT_READ = "impact:read"
    IMPORTS_MANAGE = "imports:manage"
    INSTITUTIONS_MANAGE = "institutions:manage"
    INSTITUTIONS_READ = "institutions:read"
    KEYS_MANAGE = "keys:manage"
    PEOPLE_MERGE = "people:merge"
    PEOPLE_READ = "people:read"
    PROJECTS_MANAGE = "projects:manage"
    PROJECTS_READ = "projects:read"
    PROJECTS_REVIEW = "projects:review"
    PRIVACY_ASK = "privacy:ask"
    PRIVACY_MANAGE = "privacy:manage"
    PRIVACY_READ = "privacy:read"
    REPORTS_DECIDE = "reports:decide"
    REPORTS_READ = "reports:read"
    REPORTS_SUBMIT = "reports:submit"
    RESULTS_MODERATE = "results:moderate"
    RESULTS_RECORD = "results:record"
    ROUNDS_MANAGE = "rounds:manage"
    SITTINGS_MANAGE = "sittings:manage"
    TARGETS_MANAGE = "targets:manage"
    TEACHING_OWN = "teaching:own"
    TRAININGS_APPLY = "trainings:apply"
    TRAININGS_MANAGE = "trainings:manage"
    TRAININGS_READ = "trainings:read"
    USERS_INVITE = "users:invite"
    USERS_MANAGE = "users:manage"
    WITNESSES_MANAGE = "witnesses:manage"
    YEARS_CLOSE = "years:close"


class Role(StrEnum):
    COORDINATOR = "coordinator"
    TEACHER = "teacher"
    OFFICER = "officer"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return str(ROLE_LABELS[self])

    @property
    def is_of_one_institution(self) -> bool:
        """Whether the person works for a partner, and sees that partner's records alone, or some of them."""
        return self in {Role.COORDINATOR, Role.TEACHER}

    @property
    def is_of_one_person(self) -> bool:
        """Whether the account is that of somebody in the register, and sees what is hers and no more."""
        return self is Role.TEACHER

    @property
    def can_be_limited(self) -> bool:
        """Whether a person in this role may be given some regions instead of all."""
        return self is Role.OFFICER


ROLE_LABELS = {
    Role.COORDINATOR: lazy_gettext("Partner coordinator"),
    Role.TEACHER: lazy_gettext("Teacher"),
    Role.OFFICER: lazy_gettext("Programme officer"),
    Role.LEADER: lazy_gettext("Leader"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}

_P = Permission
_READING = frozenset(p for p in Permission if p.endswith(":read") and p is not _P.AUDIT_READ)
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: (_READING - {_P.TRAININGS_READ})
    | {
        _P.ATTENDANCE_RECORD,
        _P.AWARDS_NOMINATE,
        _P.COHORTS_MANAGE,
        _P.CONTACTS_MANAGE,
        _P.CORRECTIONS_COMMENT,
        _P.IMPORTS_MANAGE,
        _P.PEOPLE_MERGE,
        _P.PROJECTS_MANAGE,
        _P.PRIVACY_ASK,
        _P.REPORTS_SUBMIT,
        _P.RESULTS_RECORD,
        _P.SITTINGS_MANAGE,
        _P.TRAININGS_APPLY,
        _P.USERS_INVITE,
        _P.WITNESSES_MANAGE,
    },
    Role.TEACHER: frozenset(
        {_P.ATTENDANCE_RECORD, _P.COHORTS_READ, _P.IMPORTS_MANAGE, _P.RESULTS_RECORD, _P.TEACHING_OWN}
    ),
    Role.OFFICER: frozenset(Permission) - {_P.USERS_MANAGE, _P.KEYS_MANAGE, _P.TEACHING_OWN},
    Role.LEADER: _READING,
    Role.ADMINISTRATOR: frozenset(
        {
            _P.AUDIT_READ,
            _P.CERTIFICATES_HALT,
            _P.DESIGNS_MANAGE,
            _P.INSTITUTIONS_READ,
            _P.KEYS_MANAGE,
            _P.USERS_INVITE,
            _P.USERS_MANAGE,
        }
    ),
}
# Which roles a person may give: never one that opens what she may not open herself (what a teacher's opens
# more is that teacher's own), but for administrators, who give all of them and use none but their own.
GIVES: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.COORDINATOR, Role.TEACHER}),
    Role.TEACHER: frozenset(),
    Role.OFFICER: frozenset({Role.COORDINATOR, Role.TEACHER}),
    Role.LEADER: frozenset(),
    Role.ADMINISTRATOR: frozenset(Role),
}
# What concerns the whole programme, and so nobody whose regions are limited.
PROGRAMME_WIDE = frozenset(
    {
        _P.AUDIT_READ,
        _P.AWARDS_MANAGE,
        _P.CERTIFICATES_HALT,
        _P.CURRICULUM_MANAGE,
        _P.DESIGNS_MANAGE,
        _P.EVENTS_MANAGE,
        _P.ROUNDS_MANAGE,
        _P.TARGETS_MANAGE,
        _P.TRAININGS_MANAGE,
        _P.YEARS_CLOSE,
    }
)


class Viewer(Protocol):
    """Whoever looks: a signed-in user, or the office's own command line."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def institution_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def region_ids(self) -> tuple[int, ...]: ...


class Office:
    """The viewer behind a command or a job: it sees all and is named in the trail as the system."""

    id = None
    name = "GDT Network"
    role = Role.OFFICER
    institution_id = None
    person_id = None
    region_ids = ()


OFFICE = Office()


def signed_in_viewer() -> Viewer:
    """Who is signed in at this request; the office for a command or a job."""
    if has_request_context() and current_user.is_authenticated:
        return current_user  # type: ignore[no-any-return]
    return OFFICE


def may(viewer: Viewer, permission: Permission) -> bool:
    """Whether the viewer's role holds the permission, and her regions do not take it away."""
    return permission in GRANTS[viewer.role] and (permission not in PROGRAMME_WIDE or not viewer.region_ids)


def sees_all(viewer: Viewer) -> bool:
    """Whether the viewer sees every institution's rows."""
    return not viewer.role.is_of_one_institution and not viewer.region_ids


def within(viewer: Viewer, institution_id: Any) -> ColumnElement[bool]:
    """The condition that keeps people to rows of their own institution, or of their regions.

    A teacher sees none of her institution's by it: what is hers is asked for by name (`visible_cohort`).
    """
    if viewer.role.is_of_one_person:
        return false()
    if viewer.role.is_of_one_institution:
        return institution_id == viewer.institution_id  # type: ignore[no-any-return]
    if not viewer.region_ids:
        return true()
    countries = select(_countries.c.id).where(_countries.c.region_id.in_(viewer.region_ids))
    theirs = select(_institutions.c.id).where(_institutions.c.country_id.in_(countries))
    return institution_id.in_(theirs)  # type: ignore[no-any-return]


def sees(viewer: Viewer, institution: Any) -> bool:
    """Whether the viewer sees the rows of this institution, which is at hand with its country."""
    if viewer.role.is_of_one_person:
        return False
    if viewer.role.is_of_one_institution:
        return bool(institution.id == viewer.institution_id)
    return not viewer.region_ids or institution.country.region_id in viewer.region_ids


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view: sign in first; without the permission it answers 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return login_manager.unauthorized()
            if not may(current_user, permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in(view: View) -> View:
    """Guard a view that every signed-in person has, such as her own account."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if current_user.is_authenticated else login_manager.unauthorized()

    guarded.access = "signed in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Mark a view as open to anyone."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.unauthorized_handler(_ask_to_sign_in)
    app.jinja_env.globals.update(Permission=Permission, may=lambda permission: may(current_user, permission))


def _ask_to_sign_in() -> ResponseReturnValue:
    if is_for_a_program():
        words = _("This access token is unknown, too old or ended. Make a new one on your account page.")
        abort(401, words if carries_bearer() else None)
    flash(_("Please sign in first."), "info")
    wanted = request.full_path if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted))
