"""The blueprint that all pages of events join."""

from flask import Blueprint

events = Blueprint("events", __name__)
