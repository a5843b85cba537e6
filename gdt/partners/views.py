"""Pages about the partner network."""

from flask import Blueprint

partners = Blueprint("partners", __name__)
