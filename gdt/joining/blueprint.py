"""The blueprint that every module of this feature's views adds its pages to."""

from flask import Blueprint

joining = Blueprint("joining", __name__)
