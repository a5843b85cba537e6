"""Reading the files handed in, the changes to their rows, and what is remembered of their columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from gdt.access import Viewer, may, within
from gdt.audit import TOOK_OUT, AuditEvent, acting
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.imports.kinds import all_kinds
from gdt.imports.models import ColumnMemory, RowChange, Upload, UploadState

OWN_ACTS = ("uploaded", "confirmed", "discarded", "corrected a row", "signed in", TOOK_OUT)
LOOK_BACK = 1_000  # events: none of a transaction still open is older


@dataclass(frozen=True)
class UploadFilter:
    """What the list of files is narrowed to; empty means all the viewer may see."""

    search: str = ""
    kind: str = ""
    state: str = ""


def visible(viewer: Viewer) -> list[ColumnElement[bool]]:
    """A file is seen by those who may hand in its kind, at its own institution or for what is hers there.

    Some kinds are for one alone.
    """
    kinds = [kind for kind in all_kinds() if may(viewer, kind.permission)]
    if not viewer.role.is_of_one_person:
        names = [kind.name for kind in kinds]
        return [Upload.kind.in_(names), within(viewer, Upload.institution_id), _is_for(viewer)]
    hers = [(kind.name, ids) for kind in kinds if (ids := kind.subjects_of(viewer)) is not None]
    ways = [and_(Upload.kind == name, Upload.subject_id.in_(ids)) for name, ids in hers]
    return [Upload.institution_id == viewer.institution_id, or_(false(), *ways), _is_for(viewer)]


def _is_for(viewer: Viewer) -> ColumnElement[bool]:
    """Files of private kinds are for whoever handed them in."""
    return or_(Upload.kind.not_in(private_kinds()), Upload.uploaded_by_id == viewer.id)


def private_kinds() -> list[str]:
    return [kind.name for kind in all_kinds() if kind.is_private]


def get_upload(viewer: Viewer, upload_id: int, *, is_held: bool = False) -> Upload:
    statement = select(Upload).where(Upload.id == upload_id, *visible(viewer))
    if is_held:
        statement = statement.with_for_update(of=Upload).execution_options(populate_existing=True)
    upload = db.session.scalar(statement)
    if upload is None:
        raise RecordNotFound
    return upload


def uploads(viewer: Viewer, wanted: UploadFilter) -> Select[Upload]:
    """The files of a list, before it is sorted and cut into pages."""
    statement = select(Upload).where(*visible(viewer)).options(joinedload(Upload.uploaded_by))
    if wanted.kind:
        statement = statement.where(Upload.kind == wanted.kind)
    if wanted.state in list(UploadState):
        statement = statement.where(Upload.state == wanted.state)
    if words := wanted.search.strip():
        columns = (Upload.filename, Upload.subject_name)
        statement = statement.where(any_contains(columns, words))
    return statement


def count_by_kind(viewer: Viewer) -> dict[str, int]:
    rows = db.session.execute(select(Upload.kind, func.count()).where(*visible(viewer)).group_by(Upload.kind))
    return {row[0]: row[1] for row in rows}


def find_same(kind: str, subject_id: int, sha256: str, states: Sequence[UploadState]) -> Upload | None:
    """The last time the same bytes came for the same record, if it stands in one of these states."""
    return db.session.scalar(
        select(Upload)
        .where(
            Upload.kind == kind,
            Upload.subject_id == subject_id,
            Upload.sha256 == sha256,
            Upload.state.in_(states),
            _is_for(acting()),
        )
        .order_by(Upload.id.desc())
        .limit(1)
    )


def list_uploads(kind: str, subject_id: int, *, limit: int = 5) -> Sequence[Upload]:
    """The last files handed in for a record, newest first."""
    return db.session.scalars(
        select(Upload)
        .where(Upload.kind == kind, Upload.subject_id == subject_id, _is_for(acting()))
        .order_by(Upload.id.desc())
        .limit(limit)
    ).all()


def changes_of(upload: Upload) -> dict[int, RowChange]:
    """What people did to the rows of a file, by line."""
    rows = db.session.scalars(select(RowChange).where(RowChange.upload_id == upload.id))
    return {change.line: change for change in rows}


def count_chosen(upload: Upload) -> dict[str, int]:
    """How many rows of each state have a choice of their own."""
    rows = db.session.execute(
        select(RowChange.state, func.count())
        .where(RowChange.upload_id == upload.id, RowChange.choice.is_not(None))
        .group_by(RowChange.state)
    )
    return {row[0]: row[1] for row in rows}


def find_change(upload: Upload, line: int) -> RowChange | None:
    return db.session.scalar(
        select(RowChange).where(RowChange.upload_id == upload.id, RowChange.line == line)
    )


def memory_of(institution_id: int | None, kind: str) -> dict[str, ColumnMemory]:
    """How files of this kind were read at an institution before, by the signature of their header."""
    rows = db.session.scalars(
        select(ColumnMemory).where(ColumnMemory.institution_id == institution_id, ColumnMemory.kind == kind)
    )
    return {row.signature: row for row in rows}


def register_stamp() -> str:
    """Where the register stands: it moves with every act that is told in the trail, but those of checking.

    Acts of transactions that end later may bear an earlier number, so those before the last are counted.
    """
    moving = AuditEvent.action.not_in(OWN_ACTS)
    last = db.session.scalar(select(AuditEvent.id).where(moving).order_by(AuditEvent.id.desc()).limit(1))
    near = select(func.count()).where(AuditEvent.id > (last or 0) - LOOK_BACK, moving)
    return f"{last or 0}-{db.session.scalar(near)}"
