"""Uploads as long work: each kind of file has the feature that keeps it, one portion after another."""

from collections.abc import Callable

from gdt import jobs
from gdt.jobs import JobState
from gdt.people.models import Upload, UploadKind, UploadState

Keeper = Callable[[Upload], None]
_keepers: dict[UploadKind, Keeper] = {}


def keeper(kind: UploadKind) -> Callable[[Keeper], Keeper]:
    """Register the function that keeps the next portion of an upload of this kind."""

    def register(keep: Keeper) -> Keeper:
        _keepers[kind] = keep
        return keep

    return register


def begin_keeping(upload: Upload, *, wait_seconds: float = 1.5) -> bool:
    """Start the work once; a second click finds it begun and returns False."""
    if upload.state is not UploadState.CHECKED:
        return False
    upload.state, upload.job_state, upload.job_done = UploadState.KEEPING, JobState.WAITING, 0
    jobs.start(upload, wait_seconds=wait_seconds)
    return True


@jobs.job(Upload)
def keep_portion(upload: Upload) -> None:
    """Keep the next portion of a confirmed upload; one that nobody confirmed has nothing to do."""
    if upload.state is UploadState.KEEPING:
        _keepers[upload.kind](upload)
    else:
        upload.job_state = JobState.DONE
