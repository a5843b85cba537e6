"""The figures, opened down to the rows behind them."""

from flask import Blueprint

impact = Blueprint("impact", __name__)
