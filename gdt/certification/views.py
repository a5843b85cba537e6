"""Every page about certificates: here the views of all its parts join the blueprint, with their words."""

from typing import Any

from gdt.certification import (
    archive_views,  # noqa: F401
    badge_views,  # noqa: F401
    batch_views,  # noqa: F401
    correction_views,  # noqa: F401
    correction_words,
    delivery_views,  # noqa: F401
    delivery_words,
    design_views,  # noqa: F401
    expiring_views,  # noqa: F401
    holder_views,  # noqa: F401
    key_views,  # noqa: F401
    log_views,  # noqa: F401
    look_views,  # noqa: F401
    ordering_views,  # noqa: F401
    register_views,  # noqa: F401
    replacing_views,  # noqa: F401
    revocation_views,  # noqa: F401
    status_views,  # noqa: F401
    switch_views,  # noqa: F401
    verify_api_views,  # noqa: F401
    verify_views,  # noqa: F401
    witness_views,  # noqa: F401
    wrong_views,  # noqa: F401
)
from gdt.certification.batch_wording import APPROVALS, FIXERS, ROW_STATES, STAGES, fixer_of
from gdt.certification.blueprint import certification as certification
from gdt.certification.revocation_wording import LINE_STATES
from gdt.certification.wording import FACTS, KINDS, STATES


@certification.context_processor
def words() -> dict[str, Any]:
    return {
        "STATES": STATES,
        "KINDS": KINDS,
        "ROW_STATES": ROW_STATES,
        "LINE_STATES": LINE_STATES,
        "FIXERS": FIXERS,
        "FACTS": FACTS,
        "REQUEST_STATES": correction_words.STATES,
        "VOICES": correction_words.VOICES,
        "ASKED_ABOUT": correction_words.ASKED_ABOUT,
        "STAGES": STAGES,
        "APPROVALS": APPROVALS,
        "fixer_of": fixer_of,
        "delivery_state_of": delivery_words.state_of,
        "delivery_sentence_of": delivery_words.sentence_of,
    }
