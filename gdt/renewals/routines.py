"""What workers do of renewals every hour: reminders whose day has come are sent."""

from gdt.database import now
from gdt.renewals.sending import remind_of_ends
from gdt.routines import routine


@routine
def remind_of_agreements() -> None:
    """Doing it again, or in two places at once, sends nothing twice."""
    remind_of_ends(now().date())
