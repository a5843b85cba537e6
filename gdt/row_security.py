"""Who looks, said to PostgreSQL in each transaction, so that its policies show that viewer's rows alone.

A request looks as whoever is signed in, or as a stranger; commands and jobs look as the office. Where code
has to look further, such as for the same person at another institution, it says so with `everything()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from flask import Flask, current_app
from flask_login import current_user
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from gdt.access import Viewer, sees_all
from gdt.database import db
from gdt.row_policies import ALL, ROLE, SETTING, STRANGER

_sees: ContextVar[str] = ContextVar("sees", default=ALL)
# Other databases of the same server may have the role before this one has been upgraded to it.
_TAKE_ROLE = f"""
    SELECT set_config('role', '{ROLE}', false) FROM pg_roles
    WHERE rolname = '{ROLE}' AND to_regprocedure('gdt_sees(text)') IS NOT NULL
"""  # noqa: S608
# The policies make every statement look so dear that PostgreSQL would compile each, for longer than it runs.
_NO_COMPILING = "SELECT set_config('jit', 'off', false)"
_SEE_ALL = f"SELECT set_config('{SETTING}', '{ALL}', false)"
_SAY = f"SELECT set_config('{SETTING}', %s, true)"
_WHO_SIGNS_IN = """
    SELECT r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, t.relowner, 'MEMBER')
    FROM pg_roles r, pg_class t WHERE r.rolname = session_user AND t.oid = to_regclass('persons')
"""


def init_app(app: Flask) -> None:
    app.before_request(_look_as_whoever_asks)
    app.teardown_request(_look_as_the_office)
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            return
        event.listen(db.engine, "connect", _take_role)
        if app.config["PRODUCTION"] and not app.config["IS_COMMAND"]:
            refuse_owner(db.engine)


def refuse_owner(engine: Engine) -> None:
    """End the process when the application signs in as somebody whom no policy binds."""
    if engine.dialect.name != "postgresql":
        return
    with suppress(DBAPIError), engine.connect() as connection:
        found = connection.execute(text(_WHO_SIGNS_IN)).first()
        if found is not None and any(found):
            message = (
                "GDT_DATABASE_URL signs in as the owner of the tables, or as a superuser, whom PostgreSQL"
                f" shows every row. Give it a login that is only a member of {ROLE}, and the owner's address"
                " to GDT_DATABASE_OWNER_URL: see Deploy in the README."
            )
            raise SystemExit(message)


@contextmanager
def everything() -> Iterator[None]:
    """Look at all institutions meanwhile: the words of a page still show the viewer's own alone."""
    if _sees.get() == ALL:
        yield
        return
    before = _sees.set(ALL)
    _say_now()
    try:
        yield
        if db.session().in_transaction():
            db.session.flush()  # what was added here is written while it may be
    finally:
        _sees.reset(before)
        _say_now()


def owner_engine() -> Engine:
    """The database as its owner: for migrations and for restoring, never for what people ask."""
    if db.engine.dialect.name != "postgresql":
        return db.engine
    url = current_app.config["DATABASE_OWNER_URL"] or db.engine.url
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _see_all)
    return engine


def seen_by(viewer: Viewer) -> str:
    """What a viewer sees, as the policies read it; whose account it is comes last."""
    if sees_all(viewer):
        return ALL
    if viewer.role.is_of_one_person:
        return f"teacher:{viewer.person_id or 0}:{viewer.institution_id or 0}:{viewer.id or 0}"
    if viewer.role.is_of_one_institution:
        return f"place:{viewer.institution_id or 0}:{viewer.id or 0}"
    return f"regions:{','.join(map(str, viewer.region_ids))}:{viewer.id or 0}"


def _look_as_whoever_asks() -> None:
    """Until it is known who is signed in, it is nobody."""
    _sees.set(STRANGER)
    if db.engine.dialect.name == "postgresql" and current_user.is_authenticated:
        _sees.set(seen_by(current_user))
    _say_now()


def _look_as_the_office(_error: BaseException | None) -> None:
    _sees.set(ALL)


def _say_now() -> None:
    """Tell the transaction that is open already, if any."""
    if db.engine.dialect.name == "postgresql" and db.session().in_transaction():
        _say(db.session.connection(), _sees.get())


@event.listens_for(db.session, "after_begin")
def _say_at_the_beginning(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested and connection.dialect.name == "postgresql":
        _say(connection, _sees.get())


@event.listens_for(db.session, "before_commit")
def _see_everything_at_the_end(session: Session) -> None:
    """Before the commit the system does its own work: totals, held years, seals."""
    if _sees.get() != ALL and not session.in_nested_transaction() and session.in_transaction():
        session.flush()
        if session.connection().dialect.name == "postgresql":
            _say(session.connection(), ALL)


def _say(connection: Connection, who: str) -> None:
    """To the driver itself: this goes before everything else, a few thousand times an hour."""
    driver: Any = connection.connection.dbapi_connection
    if driver.info.transaction_status == TransactionStatus.INERROR:
        return  # it broke, and shows nothing any more
    with driver.cursor() as cursor:
        cursor.execute(_SAY, (who,))


def _take_role(driver: Any, _record: object) -> None:
    _run(driver, _TAKE_ROLE)
    _run(driver, _NO_COMPILING)


def _see_all(driver: Any, _record: object) -> None:
    _run(driver, _SEE_ALL)


def _run(driver: Any, statement: str) -> None:
    """Run what holds for as long as the connection does, in no transaction."""
    was, driver.autocommit = driver.autocommit, True
    with driver.cursor() as cursor:
        cursor.execute(statement)
    driver.autocommit = was
