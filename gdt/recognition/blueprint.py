"""The blueprint that all pages of awards join."""

from flask import Blueprint

recognition = Blueprint("recognition", __name__)
