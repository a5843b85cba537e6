"""Links to pages of features that are not here yet lead nowhere; each request is a visitor of its own."""

import pytest
from flask import g


@pytest.fixture(autouse=True)
def _absent_neighbours(whole_app):
    if not whole_app.url_build_error_handlers:
        whole_app.url_build_error_handlers.append(lambda error, endpoint, values: f"/absent/{endpoint}")
        whole_app.before_request_funcs.setdefault(None, []).insert(0, _forget_the_last_visitor)


def _forget_the_last_visitor():
    """The test's own application context outlives a request, and with it who was signed in."""
    for name in list(g):
        g.pop(name)
