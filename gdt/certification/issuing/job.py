"""The job of an order: its rows are checked, or its certificates issued, portion by portion."""

from gdt import jobs
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.drawing.drafting import Draft
from gdt.certification.issuing.drawing_ahead import draw_drafts
from gdt.certification.issuing.issuing import issue_portion
from gdt.certification.issuing.preparing import check_portion


@jobs.job(CertificateBatch, prepare=draw_drafts, one_at_a_time=True)
def do_portion(batch: CertificateBatch, drafts: dict[int, Draft]) -> None:
    """The next part of whatever the batch is at."""
    if batch.stage is BatchStage.PREPARING:
        check_portion(batch)
    else:
        issue_portion(batch, drafts)


def carry_out(batch_id: int) -> None:
    """Do the work of a whole order in this process, as far as it may go."""
    jobs.run_here(CertificateBatch.__tablename__, batch_id)
