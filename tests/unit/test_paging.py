"""Keyset pages: every row once, in order, on both databases, whatever somebody does to the cursor."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from gdt.paging import page_of


class Kind(StrEnum):
    ONE = "one"
    TWO = "two"


class Table(DeclarativeBase):
    pass


class Row(Table):
    __tablename__ = "paging_rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    rank: Mapped[int]
    is_open: Mapped[bool]
    on: Mapped[date]
    at: Mapped[datetime]
    share: Mapped[Decimal]
    kind: Mapped[Kind]


ORDERS = {
    "name": [Row.name, Row.id],
    "falling name": [Row.name.desc(), Row.id.desc()],
    "mixed": [Row.rank.desc(), Row.name, Row.id],
    "flag and day": [Row.is_open, Row.on.desc(), Row.id],
    "moment": [Row.at.desc(), Row.id],
    "choice": [Row.kind, Row.id],
    "share": [Row.share, Row.id],
}
PARTS = st.tuples(
    st.text("aAbZé ", max_size=3),
    st.integers(-2, 2),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from(Kind),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def session(request):
    url = "sqlite://"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    Table.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
        session.rollback()
    Table.metadata.drop_all(engine)
    engine.dispose()


def fill(session, rows):
    session.execute(delete(Row))
    start = datetime(2026, 1, 1, 12, 30, 0, 123456)  # noqa: DTZ001
    for name, rank, is_open, days, kind in rows:
        day = start + timedelta(days=days)
        columns = {"on": day.date(), "at": day, "share": Decimal(rank) / 4, "kind": kind}
        session.add(Row(name=name, rank=rank, is_open=is_open, **columns))
    session.flush()


def walk(session, order, size, cursor=None, step="next_cursor"):
    pages = []
    while True:
        page = page_of(session, select(Row), order=order, after=cursor, size=size)
        pages.append([row.id for row in page.items])
        cursor = getattr(page, step)
        if cursor is None:
            return pages


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(rows=st.lists(PARTS, max_size=12), size=st.integers(1, 5))
def test_every_row_stands_on_exactly_one_page_in_order(session, order, rows, size):
    fill(session, rows)
    straight = [row.id for row in session.scalars(select(Row).order_by(*order))]
    assert [row for page in walk(session, order, size) for row in page] == straight


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(rows=st.lists(PARTS, min_size=1, max_size=12), size=st.integers(1, 5))
def test_going_back_shows_the_pages_that_were_there(session, rows, size):
    fill(session, rows)
    order = ORDERS["mixed"]
    there = walk(session, order, size)
    if len(there) == 1:
        return
    last = page_of(session, select(Row), order=order, after=None, size=size)
    while last.next_cursor:
        last = page_of(session, select(Row), order=order, after=last.next_cursor, size=size)
    back = walk(session, order, size, last.previous_cursor, "previous_cursor")
    assert [row for page in reversed(back) for row in page] == [row for page in there[:-1] for row in page]


def test_a_row_that_arrives_between_two_looks_moves_nothing(session):
    fill(session, [("b", 0, True, 0, Kind.ONE), ("d", 0, True, 0, Kind.ONE), ("f", 0, True, 0, Kind.ONE)])
    first = page_of(session, select(Row), order=ORDERS["name"], after=None, size=2)
    session.add(
        Row(name="a", rank=0, is_open=True, on=date(2026, 1, 1), at=datetime.now(UTC), share=0, kind=Kind.ONE)
    )
    session.flush()
    second = page_of(session, select(Row), order=ORDERS["name"], after=first.next_cursor, size=2)
    assert [row.name for row in second.items] == ["f"]


def cursor(*values):
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


BROKEN = [
    "", "%%%", "é", "AAAA", cursor(), cursor(False), cursor(False, "x"), cursor(False, "x", "y", "z"),
    cursor(False, None, None), cursor(False, "a\0b", "1"), cursor(False, "a", "9" * 40),
    cursor(False, "a", "1.5"),
    cursor(False, "\ud800", "1"), cursor(False, ["a"], "1"), cursor(False, "a" * 5000, "1"),
    base64.urlsafe_b64encode(b"[" * 2000).decode(), base64.urlsafe_b64encode(b"5").decode(),
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_cursor_that_cannot_be_read_gives_the_first_page(session, broken):
    fill(session, [("a", 0, True, 0, Kind.ONE), ("b", 0, True, 0, Kind.ONE)])
    page = page_of(session, select(Row), order=ORDERS["name"], after=broken, size=1)
    assert [row.name for row in page.items] == ["a"]
    assert page.previous_cursor is None


@pytest.mark.parametrize(
    ("order", "value"),
    [("moment", "0001-01-01T00:00:00+14:00"), ("moment", "yesterday"), ("choice", "THREE"), ("share", "NaN")],
)
def test_a_value_no_column_can_hold_gives_the_first_page(session, order, value):
    fill(session, [("a", 0, True, 0, Kind.ONE)])
    assert page_of(session, select(Row), order=ORDERS[order], after=cursor(False, value, "0"), size=1).items


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(values=st.lists(st.one_of(st.text(), st.none(), st.integers(), st.booleans()), max_size=4))
def test_no_cursor_anyone_can_write_breaks_the_page(session, values):
    for order in ORDERS.values():
        page_of(session, select(Row), order=order, after=cursor(*values), size=2)


def test_the_page_s_own_order_replaces_the_statement_s(session):
    fill(session, [("b", 1, True, 0, Kind.ONE), ("a", 2, True, 0, Kind.ONE)])
    page = page_of(session, select(Row).order_by(Row.rank), order=ORDERS["name"], after=None, size=5)
    assert [row.name for row in page.items] == ["a", "b"]
