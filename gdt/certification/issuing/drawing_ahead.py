"""Drawing ahead: while one portion of an order is being kept, the presses draw the one after it.

A draft is only ever a guess: under the lock it counts if everything it says is still so.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gdt import documents
from gdt.certification import queries
from gdt.certification.batches import halting
from gdt.certification.batches import queries as batch_queries
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.drawing import presses
from gdt.certification.drawing.drafting import Draft, Forecast, try_to_draw
from gdt.certification.drawing.presses import Pending
from gdt.certification.issuing import portions
from gdt.certification.issuing.registering import FOLDER
from gdt.database import reading

WORTH_THE_PRESSES = 100  # fewer certificates are drawn here sooner than a press has started


@dataclass(frozen=True)
class Ahead:
    """Drafts in the making: of which rows, and under which numbers."""

    row_ids: list[int]
    last_position: int
    first_serial: int
    forecasts: dict[int, Forecast]
    drawing: Callable[[], list[Draft | None]]

    @property
    def last_serial(self) -> int:
        return self.first_serial + len(self.forecasts) - 1

    def drafts(self) -> dict[int, Draft]:
        drawn = zip(self.forecasts, self.drawing(), strict=True)
        return {row_id: draft for row_id, draft in drawn if draft is not None}


_ahead: dict[int, Ahead] = {}


def draw_drafts(batch_id: int) -> dict[int, Draft]:
    """The next certificates of a batch by row, drawn and stored while no lock is held.

    The ones after are begun.
    """
    begun = _ahead.pop(batch_id, None)
    current, following = _next_two(batch_id, begun)
    if current is None:
        if begun is not None:
            presses.close()
        return {}
    if following is not None:
        _ahead[batch_id] = following
    drafts = current.drafts()
    documents.keep_all(FOLDER, [draft.pdf for draft in drafts.values()], suffix=".pdf")
    return drafts


def draw_all(forecasts: dict[int, Forecast]) -> dict[int, Draft]:
    """Drafts of these forecasts by row, now."""
    return Ahead([], 0, 0, forecasts, _begin(forecasts, len(forecasts))).drafts()


def _next_two(batch_id: int, begun: Ahead | None) -> tuple[Ahead | None, Ahead | None]:
    with reading():
        batch = batch_queries.find_batch(batch_id)
        if batch is None or batch.is_finished or batch.stage is not BatchStage.ISSUING or halting.find_halt():
            return None, None
        serial = queries.find_last_serial(batch.issued_on.year)
        current = begun if begun and _still_holds(begun, batch, serial) else _begun(batch, serial, 0)
        if len(current.row_ids) < portions.SIZE or not batch_queries.is_alone(batch):
            return current, None
        return current, _begun(batch, current.last_serial, current.last_position)


def _still_holds(begun: Ahead, batch: CertificateBatch, last_serial: int) -> bool:
    rows = batch_queries.list_waiting_rows(batch, portions.SIZE)
    return begun.first_serial == last_serial + 1 and begun.row_ids == [row.id for row in rows]


def _begun(batch: CertificateBatch, last_serial: int, after: int) -> Ahead:
    portion = portions.next_portion(batch, after)
    forecasts = portion.forecasts(last_serial)
    last_position = portion.rows[-1].position if portion.rows else after
    drawing = _begin(forecasts, batch.job_total - batch.job_done)
    return Ahead(portion.row_ids, last_position, last_serial + 1, forecasts, drawing)


def _begin(forecasts: dict[int, Forecast], still_to_come: int) -> Callable[[], list[Draft | None]]:
    """Hand the work to the presses where it is worth it; without them it is done when asked for."""
    work = list(forecasts.values())
    if still_to_come < WORTH_THE_PRESSES:
        return lambda: [try_to_draw(forecast) for forecast in work]
    return Pending(try_to_draw, work).results
