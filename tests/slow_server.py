"""The real application with one more page that takes its time, for the test of an orderly stop."""

import time

from gdt.access import public
from wsgi import app as app


@public
def slow() -> str:
    time.sleep(2)
    return "answered to the end"


app.add_url_rule("/slow", "slow", slow)
