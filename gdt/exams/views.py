"""Pages about exams, sittings and results."""

from flask import Blueprint

import gdt.exams.models  # noqa: F401

exams = Blueprint("exams", __name__)
