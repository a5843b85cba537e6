"""Pages about the curriculum, teacher training and cohorts."""

from flask import Blueprint

import gdt.training.models  # noqa: F401

training = Blueprint("training", __name__)
