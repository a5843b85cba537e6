"""The blueprint of privacy, which its view modules join."""

from flask import Blueprint

privacy = Blueprint("privacy", __name__)
