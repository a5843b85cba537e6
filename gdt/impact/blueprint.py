"""The blueprint that the views of the figures, the homes and the summary hang on."""

from flask import Blueprint

impact = Blueprint("impact", __name__)
