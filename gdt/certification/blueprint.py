"""The blueprint all pages about certificates belong to, and how their templates write a frozen day."""

import re
from datetime import date

from flask import Blueprint
from markupsafe import Markup

certification = Blueprint("certification", __name__)


@certification.app_template_filter()
def iso_day(text: str | None) -> date | None:
    """A frozen date, which was kept as 2026-11-21."""
    return date.fromisoformat(text) if text else None


@certification.app_template_filter()
def compact(markup: str) -> Markup:
    """The same markup without the template's indentation, which is half the weight of a long table."""
    return Markup(re.sub(r"\s*\n\s*", "\n", markup))  # noqa: S704  (it is markup already)
