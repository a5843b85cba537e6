"""Pages of renewals."""

from gdt.partners import draft_models, reminder_models  # noqa: F401
from gdt.renewals.blueprint import renewals as renewals
