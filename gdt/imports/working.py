"""The work of an upload as a job: keeping what was confirmed, undoing what was kept."""

from gdt import audit, jobs
from gdt.imports.keeping import keep_portion
from gdt.imports.models import Upload, UploadState
from gdt.imports.undoing import undo_now
from gdt.jobs import JobState


@jobs.job(Upload)
def do_portion(upload: Upload) -> None:
    """Do the next portion; a file that nobody confirmed has nothing to do."""
    if upload.uploaded_by is not None:
        audit.act_for(upload.uploaded_by)
    if upload.state is UploadState.KEEPING:
        keep_portion(upload)
    elif upload.state is UploadState.UNDOING:
        undo_now(upload)
    else:
        upload.job_state = JobState.DONE
