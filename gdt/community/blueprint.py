"""The blueprint that all pages of community projects join."""

from flask import Blueprint

community = Blueprint("community", __name__)
