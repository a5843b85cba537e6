"""What workers do of exams every hour: sittings whose marks came in bulk are looked through."""

from gdt.database import unit_of_work
from gdt.exams.flag_queries import list_unsummed
from gdt.exams.flagging import PORTION, look_through
from gdt.exams.queries import lock_exam
from gdt.routines import routine

ROUNDS = 500


@routine
def look_sittings_through() -> None:
    """Doing it again, or in two places at once, flags nothing twice."""
    for _round in range(ROUNDS):
        with unit_of_work():
            sittings = list_unsummed(PORTION)
            for exam_id in sorted({sitting.exam_id for sitting in sittings}):
                lock_exam(exam_id)  # whoever records marks looks through as well
            look_through(sittings)
        if len(sittings) < PORTION:
            return
