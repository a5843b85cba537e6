"""What the pages about certificates read from their address, how often, and how they answer with a file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from flask import Response, request
from sqlalchemy import Select

from gdt.certification import queries, wording
from gdt.certification.codes import MistypedCode, parse_code
from gdt.certification.models import Certificate
from gdt.certification.wording import Group, Option
from gdt.database import db, now
from gdt.filters import url_with
from gdt.paging import Page, page_of
from gdt.spreadsheets.writing import write_csv

GUESSES = "30 per minute"  # wrong ones, at all doors that take a code together
LOOKS = "300 per minute"  # right ones, so that a hall full of graduates on one address gets in
CHUNK = 1 << 16
ROWS = 20  # of a page, so that its markup stays light on a slow line


def today() -> date:
    return now().date()


def facet(label: str, name: str, options: Iterable[tuple[str, Any, int]]) -> Group:
    """Links that narrow the list; the chosen one takes its own narrowing off again."""
    chosen = request.args.get(name, "")
    return Group(
        label,
        [
            Option(
                str(words),
                url_with(**{name: None if value == chosen else value, "after": None}),
                count,
                value == chosen,
            )
            for value, words, count in options
        ],
    )


def page_here(statement: Select[Any], order: Sequence[Any], *, size: int = ROWS) -> Page[Any]:
    """The page of a list that the address asks for."""
    return page_of(db.session, statement, order=order, after=request.args.get("after"), size=size)


def certificates_answer(found: Iterable[Certificate], day: date, name: str) -> Response:
    """Certificates as a CSV file, with the states they are in on a day."""
    return csv_answer(wording.csv_header(), (wording.csv_row(record, day) for record in found), name)


def csv_answer(header: Sequence[Any], rows: Iterable[Sequence[Any]], name: str) -> Response:
    return file_answer(write_csv(header, rows), "text/csv; charset=utf-8", name)


def file_answer(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def look_up(code: str) -> tuple[Certificate | None, str]:
    """The certificate with this code, or what to say instead."""
    try:
        record = queries.find_by_code(parse_code(code))
    except MistypedCode as slip:
        return None, wording.slip(slip, code)
    return record, "" if record else wording.unknown_code()
