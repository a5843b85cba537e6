"""Which files are large, and having them read as durable work: no request waits for that."""

from typing import Final

from gdt import jobs
from gdt.imports.models import Upload, UploadState
from gdt.jobs import JobState

AT_ONCE_BYTES: Final = 1_000_000  # of text: some 10,000 rows, a second or two of a request
AT_ONCE_PACKED_BYTES: Final = 250_000  # of a workbook, which is packed
PACKED: Final = b"PK"


def is_large(data: bytes) -> bool:
    """Whether a file is read as work of its own and not within the request that brings it."""
    return len(data) > (AT_ONCE_PACKED_BYTES if data[:2] == PACKED else AT_ONCE_BYTES)


def begin_reading(upload: Upload, data: bytes) -> None:
    """Have the file read; it is read from the beginning if the work has to be taken up again."""
    upload.state, upload.question, upload.choices, upload.note = UploadState.READING, {}, {}, None
    upload.job_state, upload.job_failure, upload.job_done = JobState.WAITING, None, 0
    upload.job_total = 0 if data[:2] == PACKED else data.count(b"\n")  # only for the bar; rows are counted
    upload.job_run += 1
    jobs.start(upload, wait_seconds=1.5)


def is_being_read(upload: Upload) -> bool:
    return upload.state is UploadState.READING and not upload.is_finished
