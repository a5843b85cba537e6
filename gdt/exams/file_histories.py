"""What files did to a person, for her history: one event tells of a whole list, here of her part."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_login import current_user
from sqlalchemy import and_, or_, select

from gdt.access import within
from gdt.audit import AuditEvent
from gdt.changes import Changes
from gdt.database import db
from gdt.exams.models import Result, Sitting
from gdt.histories import told_elsewhere
from gdt.imports.models import Upload
from gdt.imports.queries import private_kinds
from gdt.imports.touched_rows import KEPT, deeds_about, holds
from gdt.partners.models import Institution
from gdt.people.models import Affiliation, Person
from gdt.training.models import Cohort, Enrolment

_HERS = (Affiliation, Enrolment, Result)


@told_elsewhere(Person)
def deeds_of_files(person: Person) -> Mapping[int, Sequence[tuple[str, Changes]]]:
    """The events of kept files that made or changed rows of hers."""
    rows = _rows_of(person)
    found = {
        event_id: details["upload_id"]
        for event_id, details in db.session.execute(_kept_files(person))
        if holds(details.get("rows", {}), rows)
    }
    uploads = {upload.id: upload for upload in _seen(found.values())} if found else {}
    return {event: _deeds(uploads[key], rows) for event, key in found.items() if key in uploads}


def _seen(ids: Collection[int]) -> Sequence[Upload]:
    """Those of the viewer's institutions; what one of two markers gave is told by its own events."""
    here = within(current_user, Upload.institution_id), Upload.kind.not_in(private_kinds())
    return db.session.scalars(select(Upload).where(Upload.id.in_(ids), *here)).all()


def _rows_of(person: Person) -> dict[str, Collection[int]]:
    rows: dict[str, Collection[int]] = {Person.__tablename__: {person.id}}
    for model in _HERS:
        rows[model.__tablename__] = set(
            db.session.scalars(select(model.id).where(model.person_id == person.id))
        )
    return rows


def _kept_files(person: Person) -> Any:
    """The acts of files about the cohorts, sittings and institutions where she is."""
    places = {
        Cohort: select(Enrolment.cohort_id).where(Enrolment.person_id == person.id),
        Sitting: select(Result.sitting_id).where(Result.person_id == person.id),
        Institution: select(Affiliation.institution_id).where(Affiliation.person_id == person.id),
    }
    about = (
        and_(AuditEvent.subject_kind == model.__tablename__, AuditEvent.subject_id.in_(ids))
        for model, ids in places.items()
    )
    return select(AuditEvent.id, AuditEvent.details).where(
        AuditEvent.action == KEPT, AuditEvent.details["upload_id"].as_integer().is_not(None), or_(*about)
    )


def _deeds(upload: Upload, rows: Mapping[str, Collection[int]]) -> list[tuple[str, Changes]]:
    """What the file did to her rows, table by table, as long as its journal is there."""
    told: dict[str, Changes] = defaultdict(dict)
    for table, column, before, after in deeds_about(upload, rows):
        if before != after:
            told[table][column] = [before, after]
    return list(told.items())
