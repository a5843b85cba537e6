"""What workers do of reporting every hour: corrections whose last day is past are closed."""

from gdt.database import now, unit_of_work
from gdt.reporting.services import end_lapsed_corrections
from gdt.routines import routine


@routine
def close_lapsed_corrections() -> None:
    """Doing it again, or in two places at once, changes nothing more."""
    with unit_of_work():
        end_lapsed_corrections(now().date())
