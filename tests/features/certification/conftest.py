"""Links to pages of features that are not here yet lead nowhere, instead of failing the page."""

import pytest


@pytest.fixture(autouse=True)
def _absent_neighbours(whole_app):
    if not whole_app.url_build_error_handlers:
        whole_app.url_build_error_handlers.append(lambda error, endpoint, values: f"/absent/{endpoint}")
