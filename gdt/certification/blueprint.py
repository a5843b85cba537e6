"""The blueprint all pages about certificates belong to, and the words their templates use."""

import re
from datetime import date
from typing import Any

from flask import Blueprint
from markupsafe import Markup

from gdt.certification import correction_words, delivery_words
from gdt.certification.batch_wording import APPROVALS, STAGES, fixer_of
from gdt.certification.wording import FACTS, FIXERS, KINDS, LINE_STATES, ROW_STATES, STATES

certification = Blueprint("certification", __name__)


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


@certification.app_template_filter()
def iso_day(text: str | None) -> date | None:
    """A frozen date, which was kept as 2026-11-21."""
    return date.fromisoformat(text) if text else None


@certification.app_template_filter()
def compact(markup: str) -> Markup:
    """The same markup without the template's indentation, which is half the weight of a long table."""
    return Markup(re.sub(r"\s*\n\s*", "\n", markup))  # noqa: S704  (it is markup already)
