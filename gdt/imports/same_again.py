"""The same file once more: whether what was kept of it is still all there is to say."""

from typing import Final

from gdt.imports.frames import index_of, read_frames
from gdt.imports.kind_parts import Subject
from gdt.imports.kinds import Kind
from gdt.imports.models import Upload, UploadState
from gdt.imports.queries import changes_of, find_same, register_stamp
from gdt.imports.rows import RowState

AT_ONCE_ROWS: Final = 20_000  # compared with the register within a request
TOGETHER: Final = 10  # frames to a question
_KEPT_AS_THEY_STOOD: Final = frozenset({RowState.NEW, RowState.KNOWN, RowState.UNCHANGED})


def find_kept(
    kind: Kind, subject: Subject, digest: str, *, asks: bool = True, most: int | None = None
) -> Upload | None:
    """The same bytes as they were kept before, while the register still says all of what they say.

    It does where nothing moved in it since. Otherwise each row is compared, not read anew: in files of up to
    `most` rows. Where a person can decide otherwise about rows that were handed back, only a file kept whole
    counts.
    """
    upload = find_same(kind.name, subject.id, digest, [UploadState.KEPT, UploadState.UNDONE])
    if upload is None or upload.state is not UploadState.KEPT or not upload.checked_key:
        return None
    stamp = register_stamp()
    is_whole = not upload.rows_refused or (not asks and upload.uploaded_by_id is None)
    if upload.stamp != stamp and is_whole and (most is None or upload.rows_in <= most):
        upload.stamp = stamp if _says_nothing_new(kind, subject, upload) else upload.stamp
    return upload if is_whole and upload.stamp == stamp else None


def _says_nothing_new(kind: Kind, subject: Subject, upload: Upload) -> bool:
    """Whether every row that was kept stands in the register as the file has it."""
    key = upload.checked_key or ""
    if upload.rows_refused or not _KEPT_AS_THEY_STOOD.issuperset(upload.counts) or changes_of(upload):
        return False
    frames = index_of(key)
    for start in range(0, len(frames), TOGETHER):
        rows = [row.values for part in read_frames(key, frames[start : start + TOGETHER]) for row in part]
        if not kind.are_unchanged(subject, rows):
            return False
    return True
