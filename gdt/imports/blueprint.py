"""The blueprint that every module of these views adds its pages to."""

from flask import Blueprint

imports = Blueprint("imports", __name__)
