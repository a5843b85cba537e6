"""Pages about certificates, including the public one that proves them."""

from flask import Blueprint

import gdt.certification.services  # noqa: F401

certification = Blueprint("certification", __name__)
