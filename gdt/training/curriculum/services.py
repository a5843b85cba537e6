"""What the office does with the curriculum: it drafts a version, publishes it, and retires it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import OFFICE, Viewer
from gdt.database import broken_constraint, db, now
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.training.curriculum.exam_rules import exam_rules_of
from gdt.training.curriculum.models import CourseVersion, Material, ModuleVersion
from gdt.training.curriculum.queries import Item, hold_item, list_versions
from gdt.training.curriculum.states import Act, StepRefused, VersionState, after, earliest_start
from gdt.training.curriculum.words import AnyVersion, what_changed
from gdt.training.models import Course, Module

FACTS = ("label", "summary", "outcomes", "languages", "changes")
MATERIAL = ("title", "language", "url", "file_key", "file_name", "file_sha256", "file_size")


def add_module(*, actor: Viewer, code: str, title: str, hours: int, **facts: Any) -> ModuleVersion:
    """Draft a new module with its first version; nobody but the office sees it before it is published."""
    module = Module(code=code.strip().upper(), title=title, hours=hours, version=facts["label"])
    version = ModuleVersion(module=module, number=1, hours=hours, **facts)
    _keep_new(module, version)
    audit.record(actor, "drafted", module, _("Drafted the module %(title)s.", title=title))
    return version


def add_course(
    *, actor: Viewer, code: str, title: str, modules: Sequence[Module], **facts: Any
) -> CourseVersion:
    """Draft a new course with its first version."""
    course = Course(code=code.strip().upper(), title=title, description=facts["summary"])
    course.modules = list(modules)
    version = CourseVersion(course=course, number=1, modules=list(modules), **facts)
    _keep_new(course, version)
    audit.record(actor, "drafted", course, _("Drafted the course %(title)s.", title=title))
    return version


def draft_next(*, actor: Viewer, item: Item) -> AnyVersion:
    """Draft the next version as a copy of the latest; a second click returns the draft of the first."""
    hold_item(item)
    versions = list_versions(OFFICE, item)
    if versions and versions[0].state is VersionState.DRAFT:
        return versions[0]  # type: ignore[no-any-return]
    draft = _copy(item, versions[0] if versions else None)
    draft.number = versions[0].number + 1 if versions else 1
    draft.label = _next_label(versions[0].label if versions else _label_of(item), versions)
    db.session.add(draft)
    audit.record(actor, "drafted", item, _("Drafted version %(label)s.", label=draft.label))
    return draft


def change_draft(*, actor: Viewer, version: AnyVersion, modules: Sequence[Module] = (), **facts: Any) -> None:
    """Write a draft anew. What was published is never changed."""
    refuse_unless_draft(version)
    for name, value in facts.items():
        setattr(version, name, value)
    if isinstance(version, CourseVersion):
        version.modules = list(modules)
    _flush_label()
    audit.record(actor, "changed", version, _("Changed the draft %(label)s.", label=version.label))


def publish(*, actor: Viewer, version: AnyVersion, taught_from: date) -> None:
    """From a day on, those who begin are taught this version; the one before it ends the day before."""
    hold_item(version.item)
    state, earlier = _after_or_refuse(version, Act.PUBLISH), _others(version)
    earliest = earliest_start(earlier, now().date())
    if taught_from < earliest:
        raise DomainError(
            _(
                "Who begins before %(day)s is taught the version that stands. Choose %(day)s or a later day.",
                day=written(earliest),
            ),
            "taught_from",
        )
    if earlier and not version.changes:
        raise DomainError(_("Say in a sentence what is new in this version, in its draft."), "taught_from")
    version.state, version.taught_from = state, taught_from
    version.published_at, version.published_by_name = now(), actor.name
    for one in earlier:
        if one.state is VersionState.PUBLISHED:
            one.state, one.taught_until = after(one.state, Act.RETIRE), taught_from - timedelta(days=1)
    _show_as_current(version)
    said = _(
        "Published version %(label)s, taught from %(day)s.", label=version.label, day=written(taught_from)
    )
    changed = what_changed(version, earlier[0] if earlier else None)
    audit.record(actor, "published", version.item, said, changed=changed)


def retire(*, actor: Viewer, item: Item, taught_until: date, why: str) -> None:
    """After a day nobody begins a module or course any more; what was taught stays as it was."""
    hold_item(item)
    versions = [one for one in list_versions(OFFICE, item) if one.state is VersionState.PUBLISHED]
    if not versions:
        raise DomainError(_("It is not taught, so there is nothing to retire."))
    first = max(now().date(), versions[0].taught_from)
    if taught_until < first:
        raise DomainError(_("Choose %(day)s or a later day.", day=written(first)), "taught_until")
    versions[0].state, versions[0].taught_until = after(versions[0].state, Act.RETIRE), taught_until
    said = _(
        "Retired it: taught to those who begin until %(day)s. %(why)s", day=written(taught_until), why=why
    )
    audit.record(actor, "retired", versions[0], said)


def discard_draft(*, actor: Viewer, version: AnyVersion) -> bool:
    """Throw a draft away; returns whether its module or course went too, because nothing else was there."""
    refuse_unless_draft(version)
    item, is_all = version.item, not _others(version)
    said = _("Threw the draft %(label)s away.", label=version.label)
    audit.record(actor, "discarded", item, said)
    db.session.delete(version)
    db.session.flush()
    if is_all and version.number == 1:
        db.session.delete(item)
        return True
    return False


def refuse_unless_draft(version: AnyVersion) -> None:
    """Raise DomainError where a version was published: what was taught stays as it was taught."""
    hold_item(version.item)
    db.session.refresh(version, ["state"])
    if version.state is not VersionState.DRAFT:
        raise DomainError(_("This version was published, so it stays as it is. Draft the next version."))


def _keep_new(item: Item, version: AnyVersion) -> None:
    """The database decides whether code and title are free: asking first would lose a race."""
    try:
        with db.session.begin_nested():
            db.session.add_all([item, version])
    except IntegrityError as error:
        if broken_constraint(error).endswith("_code"):
            raise DomainError(_("Another one has this code. Choose another code."), "code") from error
        raise DomainError(_("Another one has this title. Choose another title."), "title") from error


def _flush_label() -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise DomainError(_("Another version has this name already."), "label") from error


def _others(version: AnyVersion) -> list[Any]:
    return [one for one in list_versions(OFFICE, version.item) if one.id != version.id]


def _after_or_refuse(version: AnyVersion, act: Act) -> VersionState:
    db.session.refresh(version, ["state"])
    try:
        return after(version.state, act)
    except StepRefused as error:
        raise DomainError(_("This version was published already.")) from error


def _show_as_current(version: AnyVersion) -> None:
    """What lists and forms say of a module or course is what its latest published version says."""
    if isinstance(version, ModuleVersion):
        version.module.hours, version.module.version = version.hours, version.label
        return
    version.exam_rule = exam_rules_of(version.course)
    version.course.description, version.course.modules = version.summary, list(version.modules)


def _copy(item: Item, latest: AnyVersion | None) -> AnyVersion:
    """A draft that says what the latest version says, with its materials or modules."""
    facts: dict[str, Any] = {name: getattr(latest, name) for name in FACTS} if latest else _bare(item)
    facts |= {"changes": "", "outcomes": list(facts["outcomes"]), "languages": list(facts["languages"])}
    if isinstance(item, Course):
        modules = latest.modules if isinstance(latest, CourseVersion) else item.modules
        return CourseVersion(course=item, modules=list(modules), **facts)
    draft = ModuleVersion(module=item, hours=item.hours, **facts)
    if isinstance(latest, ModuleVersion):
        draft.hours = latest.hours
        draft.materials = [
            Material(**{name: getattr(one, name) for name in MATERIAL}) for one in latest.materials
        ]
    return draft


def _bare(item: Item) -> dict[str, Any]:
    summary = item.description if isinstance(item, Course) else ""
    return {"label": "", "summary": summary, "outcomes": [], "languages": ["en"], "changes": ""}


def _label_of(item: Item) -> str:
    return item.version if isinstance(item, Module) else "1"


def _next_label(latest: str, versions: Sequence[AnyVersion]) -> str:
    """The next whole number where the latest is one; else the count of versions, whatever is free."""
    taken = {version.label for version in versions}
    start = int(latest) if latest.isdecimal() and len(latest) < 9 else len(versions)
    return next(str(n) for n in range(start + 1, start + len(taken) + 2) if str(n) not in taken)
