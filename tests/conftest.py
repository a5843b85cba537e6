"""The application on each database, emptied between tests, and a signed-in browser for each role."""

from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings

from config import TestConfig
from gdt.access import Role
from gdt.app import create_app
from gdt.database import db
from tests.browser import Browser
from tests.emptying import forget_every_row
from tests.factories import make_session, make_user
from tests.postgresql import started
from tests.scheduling import pytest_xdist_make_scheduler  # noqa: F401  (a hook)

# The suite tries the same examples every time, and shared machines are slow now and then.
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL that lives as long as the run."""
    with started() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def whole_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with its schema made by the migrations, once for each database."""
    folder: Path = tmp_path_factory.mktemp("data")
    url = f"sqlite:///{folder / 'gdt.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
    app = create_app(TestConfig(data_dir=folder, database_url=url))
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    keys = whole_app.extensions["certification_keys"]
    with whole_app.app_context():
        yield whole_app
        db.session.remove()
        forget_every_row()
    whole_app.extensions["certification_keys"] = keys  # a test that changed keys leaves none behind


@pytest.fixture
def store(app: Flask, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store of documents, for tests that look at every file: the others leave theirs behind."""
    folder: Path = tmp_path_factory.mktemp("documents")
    monkeypatch.setitem(app.extensions, "documents", fsspec.core.url_to_fs(folder.as_uri()))
    return folder


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., FlaskClient]:
    """A browser in which a new user of the role (and institution) is signed in."""

    def browser(role: Role, institution=None, **columns) -> FlaskClient:
        user = make_user(role=role, institution=institution, **columns)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = make_session(user), True
        return client

    return browser


@pytest.fixture
def officer(sign_in) -> FlaskClient:
    return sign_in(Role.OFFICER)


@pytest.fixture
def leader(sign_in) -> FlaskClient:
    return sign_in(Role.LEADER)


@pytest.fixture
def administrator(sign_in) -> FlaskClient:
    return sign_in(Role.ADMINISTRATOR)
