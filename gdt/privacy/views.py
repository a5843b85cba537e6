"""Pages about privacy: here the views of all its parts join the blueprint, with their words."""

from typing import Any

from gdt.privacy import (  # noqa: F401  (tables, work and objections)
    account_views,
    disk,
    erasing,
    forgotten_views,
    giving_notice,
    holder_views,
    notice_models,
    person_views,
    register_views,
    request_views,
    retention_views,
    undoing_merges,
)
from gdt.privacy.blueprint import privacy as privacy
from gdt.privacy.wording import ASKED_BY, OUTCOMES, WENT


@privacy.context_processor
def words() -> dict[str, Any]:
    return {"ASKED_BY": ASKED_BY, "OUTCOMES": OUTCOMES, "WENT": WENT}
