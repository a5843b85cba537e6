"""Pages about persons."""

from flask import Blueprint

import gdt.people.models  # noqa: F401

people = Blueprint("people", __name__)
