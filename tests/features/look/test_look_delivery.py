"""Bytes over the wire: how many, how long they may be kept, and that they are the same bytes."""

import gzip
import re

import pytest
from flask import Response

from tests.features.look.preview import create_preview

ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(scope="module")
def app():
    app = create_preview()
    app.testing = True
    rows = "name,country\n" + "Universiti Tunku Abdul Rahman,MY\n" * 500
    app.add_url_rule("/rows.csv", "csv", lambda: Response(rows, mimetype="text/csv"))
    app.add_url_rule("/stream.csv", "stream", lambda: Response(stream(rows), mimetype="text/csv"))
    app.add_url_rule("/short", "short", lambda: Response("<p>short</p>"))
    app.add_url_rule("/picture", "picture", lambda: Response(b"\x89PNG" * 900, mimetype="image/png"))
    app.add_url_rule("/tagged", "tagged", tagged)
    return app


def stream(text):
    yield from (line + "\n" for line in text.splitlines())


def tagged():
    answer = Response("row\n" * 900, mimetype="text/plain")
    answer.set_etag("abc")
    return answer


@pytest.fixture(scope="module")
def visitor(app):
    return app.test_client()


def assets(visitor, address):
    return sorted(set(re.findall(r'(?:href|src)="(/(?:static|bootstrap)/[^"]+)"', visitor.get(address).text)))


@pytest.mark.parametrize("address", ["/list", "/record", "/form", "/figures", "/verify"])
def test_a_first_visit_stays_under_100_kb_and_the_page_itself_under_20(visitor, address):
    page = len(visitor.get(address, headers=ACCEPTS).data)
    total = page + sum(len(visitor.get(asset, headers=ACCEPTS).data) for asset in assets(visitor, address))
    assert page < 20_000
    assert total < 60_000  # promised: 100 kB; what is left belongs to features


def test_named_assets_are_kept_for_good_and_arrive_compressed(visitor):
    found = assets(visitor, "/list")
    assert len(found) == 4
    for asset in found:
        answer = visitor.get(asset, headers=ACCEPTS)
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_an_asset_under_its_plain_name_is_asked_for_again_soon(visitor):
    assert visitor.get("/static/gdt.css").headers["Cache-Control"] == "max-age=300, public"


def test_the_name_of_an_asset_follows_its_content(visitor):
    for asset in assets(visitor, "/list"):
        plain = re.sub(r"\.[0-9a-f]{12}\.", ".", asset)
        assert gzip.decompress(visitor.get(asset, headers=ACCEPTS).data) == visitor.get(plain).data


@pytest.mark.parametrize("address", ["/rows.csv", "/stream.csv"])
def test_a_list_taken_away_is_compressed_whole_or_as_it_flows(visitor, address):
    squeezed, plain = visitor.get(address, headers=ACCEPTS), visitor.get(address)
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.data) == plain.data
    assert len(squeezed.data) < len(plain.data) / 10
    assert squeezed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("address", ["/short", "/picture"])
def test_what_compression_cannot_help_is_left_alone(visitor, address):
    assert "Content-Encoding" not in visitor.get(address, headers=ACCEPTS).headers


def test_a_compressed_page_carries_a_weak_tag(visitor):
    assert visitor.get("/tagged", headers=ACCEPTS).headers["ETag"] == 'W/"abc"'
    assert visitor.get("/tagged").headers["ETag"] == '"abc"'


def test_a_reader_who_wants_no_compression_gets_none(visitor):
    answer = visitor.get("/list", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in answer.headers
    assert "<h1>" in answer.text
