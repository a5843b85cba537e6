"""Every page about certificates: here the views of all its parts join the blueprint, with their words."""

from typing import Any

from gdt.certification.archives import views as archive_views
from gdt.certification.badges import status_views
from gdt.certification.badges import views as badge_views
from gdt.certification.batches import switch_views
from gdt.certification.batches.wording import APPROVALS, FIXERS, ROW_STATES, STAGES, fixer_of
from gdt.certification.blueprint import certification as certification
from gdt.certification.correction_requests import views as correction_views
from gdt.certification.correction_requests import wording as correction_words
from gdt.certification.delivery import views as delivery_views
from gdt.certification.delivery import wording as delivery_words
from gdt.certification.designs import look_views
from gdt.certification.designs import views as design_views
from gdt.certification.editions import views as replacing_views
from gdt.certification.holders import views as holder_views
from gdt.certification.holders import wrong_views
from gdt.certification.issuing import batch_views
from gdt.certification.issuing import views as ordering_views
from gdt.certification.keys import views as key_views
from gdt.certification.log import views as log_views
from gdt.certification.log import witness_views
from gdt.certification.membership import views as membership_views
from gdt.certification.register import (
    belongings,  # noqa: F401  (what moves when two entries are one)
    built_on_imports,  # noqa: F401  (what keeps an import from being undone)
    own_certificates,  # noqa: F401  (what a teacher sees on her own page)
)
from gdt.certification.register import views as register_views
from gdt.certification.revoking import views as revocation_views
from gdt.certification.revoking.wording import LINE_STATES
from gdt.certification.terms import views as expiring_views
from gdt.certification.verifying import api_views as verify_api_views
from gdt.certification.verifying import views as verify_views
from gdt.certification.wording import FACTS, KINDS, STATES

PAGES = (
    archive_views,
    badge_views,
    batch_views,
    correction_views,
    delivery_views,
    design_views,
    expiring_views,
    holder_views,
    key_views,
    log_views,
    look_views,
    membership_views,
    ordering_views,
    register_views,
    replacing_views,
    revocation_views,
    status_views,
    switch_views,
    verify_api_views,
    verify_views,
    witness_views,
    wrong_views,
)
"""Every module whose views join the blueprint; a guard keeps it whole."""


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
