"""Reading community projects: those a viewer may see, and those that are public."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager, selectinload

from gdt.access import Viewer, within
from gdt.community.models import Project, ProjectEvidence, ProjectKind, ProjectPicture, ProjectPlace
from gdt.community.states import ProjectState
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.partners.models import Country, Institution
from gdt.row_security import everything

P = TypeVar("P", ProjectPicture, ProjectPlace, ProjectEvidence)
NEWEST = [Project.starts_on.desc(), Project.id.desc()]


@dataclass(frozen=True)
class Wanted:
    """What a list of projects is narrowed to; an empty text narrows nothing."""

    search: str = ""
    state: str = ""
    kind: str = ""
    country: str = ""
    institution: str = ""


def get_project(viewer: Viewer, code: str) -> Project:
    """A project of an institution the viewer sees, with all its page shows."""
    project = _one(Project.code == code.lower(), within(viewer, Project.institution_id))
    if project is None:
        raise RecordNotFound
    return project


def get_public_project(code: str) -> Project:
    """A project anyone may read; those that are not counted, or may not be shown, do not exist here."""
    project = _one(Project.code == code.lower(), *is_public())
    if project is None:
        raise RecordNotFound
    return project


def hold_project(project: Project) -> None:
    """Read the state again and hold the row, so that two people do not decide at once."""
    db.session.refresh(project, ["state"], with_for_update={"of": Project})


def projects(viewer: Viewer, wanted: Wanted) -> Select[Project]:
    """The projects of a list, before it is sorted and cut into pages."""
    return select(Project).where(within(viewer, Project.institution_id), *_conditions(wanted))


def count_projects(viewer: Viewer, wanted: Wanted) -> int:
    statement = select(func.count(Project.id)).where(within(viewer, Project.institution_id))
    return db.session.scalar(statement.where(*_conditions(wanted))) or 0


def count_by_state(viewer: Viewer) -> dict[ProjectState, int]:
    statement = select(Project.state, func.count(Project.id)).where(within(viewer, Project.institution_id))
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(Project.state))}


def public_projects(wanted: Wanted) -> Select[Project]:
    """What the showcase shows, before it is cut into pages."""
    loaded = (selectinload(Project.pictures), selectinload(Project.places))
    return select(Project).where(*is_public(), *_conditions(wanted)).options(*loaded)


def count_public(wanted: Wanted) -> int:
    return db.session.scalar(select(func.count(Project.id)).where(*is_public(), *_conditions(wanted))) or 0


def public_kinds() -> dict[ProjectKind, int]:
    statement = select(Project.kind, func.count(Project.id)).where(*is_public())
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(Project.kind))}


def public_countries() -> dict[str, int]:
    """In how many public projects each country has a place."""
    statement = (
        select(Country.code, func.count(func.distinct(Project.id)))
        .join(ProjectPlace, ProjectPlace.country_id == Country.id)
        .join(Project, Project.id == ProjectPlace.project_id)
        .where(*is_public())
        .group_by(Country.code)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def list_public_places() -> Sequence[ProjectPlace]:
    """Every place of a public project with its project, by country and name."""
    return db.session.scalars(
        select(ProjectPlace)
        .join(ProjectPlace.project)
        .where(*is_public())
        .options(contains_eager(ProjectPlace.project))
        .order_by(ProjectPlace.country_id, ProjectPlace.name, ProjectPlace.id)
    ).all()


def is_public() -> tuple[ColumnElement[bool], ...]:
    return Project.state == ProjectState.COUNTED, Project.may_be_shown.is_(True)


def list_told(year: int) -> Sequence[Project]:
    """The public projects that began in a year, those with pictures and the most people first."""
    began = func.extract("year", Project.starts_on) == year
    has_picture = exists().where(ProjectPicture.project_id == Project.id)
    helped = Project.people_helped + Project.people_taking_part
    loaded = (selectinload(Project.pictures), selectinload(Project.places))
    statement = select(Project).where(*is_public(), began).options(*loaded)
    return db.session.scalars(statement.order_by(has_picture.desc(), helped.desc(), Project.id)).all()


def list_public_codes(codes: Collection[str]) -> set[str]:
    """Those of these projects that are public today."""
    return set(db.session.scalars(select(Project.code).where(Project.code.in_(codes), *is_public())))


def get_picture(project: Project, picture_id: int) -> ProjectPicture:
    return _part(project.pictures, picture_id)


def get_place(project: Project, place_id: int) -> ProjectPlace:
    return _part(project.places, place_id)


def get_evidence(project: Project, evidence_id: int) -> ProjectEvidence:
    return _part(project.evidence, evidence_id)


@everything()
def list_codes_like(start: str) -> set[str]:
    """The codes that begin like this one, whoever's they are."""
    return set(
        db.session.scalars(select(Project.code).where(Project.code.startswith(start, autoescape=True)))
    )


def list_places_of(viewer: Viewer) -> Sequence[Institution]:
    """The institutions the viewer may write projects of, by name."""
    found = select(Institution).where(within(viewer, Institution.id)).order_by(Institution.name)
    return db.session.scalars(found).all()


def _one(*conditions: ColumnElement[bool]) -> Project | None:
    loaded = (selectinload(part) for part in (Project.places, Project.pictures, Project.evidence))
    return db.session.scalar(select(Project).where(*conditions).options(*loaded))


def _part(parts: Sequence[P], part_id: int) -> P:
    found = next((part for part in parts if part.id == part_id), None)
    if found is None:
        raise RecordNotFound
    return found


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.search:
        conditions.append(any_contains((Project.title, Project.story), wanted.search))
    if wanted.state in list(ProjectState):
        conditions.append(Project.state == ProjectState(wanted.state))
    if wanted.kind in list(ProjectKind):
        conditions.append(Project.kind == ProjectKind(wanted.kind))
    if wanted.country:
        countries = select(Country.id).where(Country.code == wanted.country)
        place = ProjectPlace.country_id.in_(countries)
        conditions.append(exists().where(ProjectPlace.project_id == Project.id, place))
    if wanted.institution:
        mine = select(Institution.id).where(Institution.code == wanted.institution)
        conditions.append(Project.institution_id.in_(mine))
    return conditions
