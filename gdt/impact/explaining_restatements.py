"""Writing why a published figure differs, where the records do not tell."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.impact.closed_models import ClosedYear, RestatementReason
from gdt.impact.restating import Restatement


def write_reason(*, actor: Viewer, closed: ClosedYear, one: Restatement, reason: str) -> None:
    """Say why a figure of a closed year differs; what was said before stays in the history."""
    written = RestatementReason(
        closed_year_id=closed.id,
        measure=one.measure.key,
        level=one.level,
        place_code=one.place_code,
        reason=reason,
        written_by_name=actor.name,
    )
    db.session.add(written)
    summary = _("Said why %(measure)s of %(year)s differ.", measure=one.measure.name, year=closed.year)
    audit.record(actor, "explained", closed, summary, place=one.place_code, reason=reason)
