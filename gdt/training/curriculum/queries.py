"""Reading the curriculum: modules and courses with their versions, and who may take their materials."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import selectinload

from gdt.access import Permission, Viewer, may
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.training.curriculum.models import CourseVersion, Material, ModuleVersion
from gdt.training.curriculum.states import VersionState, is_taught_on, version_on
from gdt.training.models import (
    Cohort,
    CohortModule,
    Course,
    Module,
    Qualification,
    TrainingModule,
    TrainingParticipant,
)
from gdt.training.visible import visible_cohort

Item = Module | Course
KINDS: dict[str, tuple[Any, Any, Any]] = {
    "module": (Module, ModuleVersion, ModuleVersion.module_id),
    "course": (Course, CourseVersion, CourseVersion.course_id),
}


def kind_of(item: Item) -> str:
    return "module" if isinstance(item, Module) else "course"


def get_item(viewer: Viewer, kind: str, code: str) -> Any:
    """The module or course with this code; one that is only drafted is the office's alone."""
    model, _version, _key = KINDS[kind]
    found = db.session.scalar(
        select(model).where(func.lower(model.code) == code.strip().lower(), is_open_to(viewer, model))
    )
    if found is None:
        raise RecordNotFound
    return found


def hold_item(item: Item) -> None:
    """Hold a module or course until the transaction ends, so that nobody publishes it at the same time."""
    model, _version, _key = KINDS[kind_of(item)]
    db.session.execute(select(model.id).where(model.id == item.id).with_for_update())


def is_open_to(viewer: Viewer, model: Any) -> ColumnElement[bool]:
    """Whoever edits the curriculum sees its drafts; everybody else what was published."""
    return true() if may(viewer, Permission.CURRICULUM_MANAGE) else was_published(model)


def was_published(model: Any) -> ColumnElement[bool]:
    """That it is more than a draft; one without any version was taught before versions were kept."""
    key = ModuleVersion.module_id if model is Module else CourseVersion.course_id
    version = ModuleVersion if model is Module else CourseVersion
    drafted = exists().where(key == model.id, version.state == VersionState.DRAFT)
    return or_(~drafted, exists().where(key == model.id, version.state != VersionState.DRAFT))


def items(viewer: Viewer, kind: str, *, search: str = "", standing: str = "") -> Select[Any]:
    """The modules or courses of a list, before it is sorted and cut into pages."""
    model, version, key = KINDS[kind]
    statement = select(model).where(is_open_to(viewer, model))
    if words := search.strip():
        statement = statement.where(any_contains((model.title, model.code), words))
    conditions = {
        "taught": version.taught_from.is_not(None) & version.taught_until.is_(None),
        "draft": version.state == VersionState.DRAFT,
    }
    if standing in conditions:
        statement = statement.where(exists().where(key == model.id, conditions[standing]))
    if standing == "retired":
        statement = statement.where(~exists().where(key == model.id, version.taught_until.is_(None)))
        statement = statement.where(exists().where(key == model.id))
    return statement


def versions_of(viewer: Viewer, found: Sequence[Item]) -> dict[int, list[Any]]:
    """The versions of several modules, or of several courses, by id, the latest first."""
    if not found:
        return {}
    _model, version, key = KINDS[kind_of(found[0])]
    parts = ModuleVersion.materials if version is ModuleVersion else CourseVersion.modules
    statement = select(version).where(key.in_([item.id for item in found])).options(selectinload(parts))
    if not may(viewer, Permission.CURRICULUM_MANAGE):
        statement = statement.where(version.state != VersionState.DRAFT)
    grouped: dict[int, list[Any]] = defaultdict(list)
    for one in db.session.scalars(statement.order_by(version.number.desc())):
        grouped[one.module_id if version is ModuleVersion else one.course_id].append(one)
    return grouped


def list_versions(viewer: Viewer, item: Item) -> list[Any]:
    """The versions of a module or course the viewer may read, the latest first."""
    return versions_of(viewer, [item]).get(item.id, [])


def get_version(viewer: Viewer, item: Item, number: int) -> Any:
    found = next((one for one in list_versions(viewer, item) if one.number == number), None)
    if found is None:
        raise RecordNotFound
    return found


def hours_on(module_ids: Collection[int], day: date) -> dict[int, int]:
    """The hours of modules for those who begin on a day; a module without versions has none here."""
    grouped: dict[int, list[ModuleVersion]] = defaultdict(list)
    for version in db.session.scalars(select(ModuleVersion).where(ModuleVersion.module_id.in_(module_ids))):
        grouped[version.module_id].append(version)
    found = {key: version_on(versions, day) for key, versions in grouped.items()}
    return {key: version.hours for key, version in found.items() if version is not None}


def versions_on(found: Sequence[Item], day: date) -> dict[int, Any]:
    """The version of each module, or of each course, that is taught to those who begin on a day."""
    if not found:
        return {}
    _model, version, key = KINDS[kind_of(found[0])]
    grouped: dict[int, list[Any]] = defaultdict(list)
    for one in db.session.scalars(select(version).where(key.in_([item.id for item in found]))):
        grouped[one.module_id if version is ModuleVersion else one.course_id].append(one)
    return {key: one for key, versions in grouped.items() if (one := version_on(versions, day))}


def list_not_taught(modules: Sequence[Module], day: date) -> list[Module]:
    """Those of the modules that nobody can begin on a day, because they are retired by then."""
    grouped: dict[int, list[ModuleVersion]] = defaultdict(list)
    ids = [module.id for module in modules]
    for one in db.session.scalars(select(ModuleVersion).where(ModuleVersion.module_id.in_(ids))):
        grouped[one.module_id].append(one)
    return [m for m in modules if m.id in grouped and not is_taught_on(grouped[m.id], day)]


def modules_on(course: Course, day: date) -> Sequence[Module]:
    """The modules of a course for those who begin on a day."""
    version = versions_on([course], day).get(course.id)
    return version.modules if version is not None else course.modules


def may_take(viewer: Viewer, module: Module) -> bool:
    """Whether materials of a module are for the viewer: the office's are, a partner's if it teaches it."""
    if not viewer.role.is_of_one_institution:
        return True
    teaches = and_(Cohort.id == CohortModule.cohort_id, visible_cohort(viewer))
    trained = and_(
        TrainingParticipant.training_id == TrainingModule.training_id,
        _is_hers(viewer, TrainingParticipant),
    )
    return bool(
        db.session.scalar(
            select(
                or_(
                    exists().where(CohortModule.module_id == module.id, teaches),
                    exists().where(Qualification.module_id == module.id, _is_hers(viewer, Qualification)),
                    exists().where(TrainingModule.module_id == module.id, trained),
                )
            )
        )
    )


def _is_hers(viewer: Viewer, model: Any) -> ColumnElement[bool]:
    """A teacher's own, or that of the place of whoever works for one."""
    if viewer.role.is_of_one_person:
        return model.person_id == viewer.person_id  # type: ignore[no-any-return]
    return model.institution_id == viewer.institution_id  # type: ignore[no-any-return]


def get_material(viewer: Viewer, material_id: int) -> Material:
    """A material of a version the viewer may read, of a module she teaches."""
    material = db.session.get(Material, material_id)
    if material is None:
        raise RecordNotFound
    is_draft = material.version.state is VersionState.DRAFT
    if is_draft and not may(viewer, Permission.CURRICULUM_MANAGE):
        raise RecordNotFound
    if not may_take(viewer, material.version.module):
        raise RecordNotFound
    return material
