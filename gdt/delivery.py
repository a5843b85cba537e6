"""Static files and bytes over the wire: our own stylesheet and Bootstrap's, served locally."""

from flask import Flask
from flask_bootstrap import Bootstrap5


def init_app(app: Flask) -> None:
    Bootstrap5(app)
