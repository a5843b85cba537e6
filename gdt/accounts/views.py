"""Signing in and out, and the users."""

from flask import Blueprint

import gdt.accounts.models  # noqa: F401

accounts = Blueprint("accounts", __name__)
