"""What speaks against undoing a merge: somebody in it was erased, and what the merge noted is gone."""

from collections.abc import Sequence

from flask_babel import gettext as _

from gdt.people.belongings import objection
from gdt.people.merge_models import Merge, MergeStep


@objection
def somebody_was_erased(merge: Merge, _steps: Sequence[MergeStep]) -> str | None:
    """An erased person stays erased, under whichever of her entries."""
    if merge.survivor.erased_at is None:
        return None
    return str(_("One of the two was erased, and stays so."))
