"""Writing why a published figure differs, where the records do not tell."""

from collections.abc import Iterable

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.impact.closed_models import ClosedYear, RestatementReason
from gdt.impact.restating import Restatement


def write_reasons(*, actor: Viewer, closed: ClosedYear, ones: Iterable[Restatement], reason: str) -> None:
    """Say why figures of a closed year differ; what was said before stays in the history."""
    for one in ones:
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
