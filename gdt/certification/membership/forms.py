"""What is typed to issue partner certificates."""

from wtforms import IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from gdt.forms import BaseForm


class PartnersForm(BaseForm):
    """How many were seen to be ready."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
