"""Pages that change how a checked file is understood: its columns, one row, or all rows of a state."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.errors import DomainError
from gdt.filters import ngettext
from gdt.imports.answering import Answer, answer_about
from gdt.imports.blueprint import imports
from gdt.imports.changing import choose, choose_for_all, correct_rows
from gdt.imports.kinds import kind_of
from gdt.imports.models import Upload, UploadState
from gdt.imports.pages import count_needing
from gdt.imports.queries import get_upload
from gdt.imports.rows import Checked, RowState
from gdt.imports.sampling import examples_of
from gdt.imports.wording import notices_of

LARGEST_LINE = 100_000_000
FIRST_ROW = {"row": False, "headings": True}
BOX = re.compile("l([0-9]{1,8})c([0-9]{1,3})")
NEEDS_YOU = frozenset({RowState.REFUSED, RowState.OTHER})


@imports.route("/imports/<int:upload_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORTS_MANAGE)
def columns(upload_id: int) -> ResponseReturnValue:
    record = get_upload(current_user, upload_id)
    if record.state is UploadState.READING:
        return redirect(url_for(".upload", upload_id=upload_id))
    if request.method == "POST":
        answer = _answer(record)
        try:
            answer_about(actor=current_user, upload=record, answer=answer)
        except DomainError as error:
            return _columns_page(record, answer.mapping or [], error.message), 422
        place = ".columns" if record.question else ".upload"
        return redirect(url_for(place, upload_id=upload_id))
    return _columns_page(record, record.mapping, "")


def _answer(record: Upload) -> Answer:
    told = request.form
    return Answer(
        mapping=[told.get(f"c{n}", "")[:40] for n in range(len(record.header))],
        sheets=tuple(told.getlist("sheet")),
        day_order=told.get("day_order"),
        marks_out_of=told.get("out_of", "")[:20],
        otherwise_on=_day(told.get("otherwise_on", "")),
        has_header=FIRST_ROW.get(told.get("first_row", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _columns_page(record: Upload, mapping: list[str], problem: str) -> str:
    kind = kind_of(record.kind)
    return render_template(
        "imports/columns.html",
        upload=record,
        kind=kind,
        subject=kind.subject(current_user, record.subject_id),
        examples=examples_of(record),
        mapping=mapping,
        problem=problem,
        notices=notices_of(record, but="other_sheets" if "sheets" in record.question else ""),
        days=[date.fromisoformat(day) for day in record.question.get("days", [[""]])[0][1:]],
        is_open=record.state in {UploadState.ASKING, UploadState.CHECKED},
    )


@imports.post("/imports/<int:upload_id>/rows")
@requires(Permission.IMPORTS_MANAGE)
def change_rows(upload_id: int) -> ResponseReturnValue:
    """Keep all that was typed into the rows of the page, and what was chosen for one of them."""
    record = get_upload(current_user, upload_id)
    typed, told = _typed(), request.form
    again = _line(told.get("again", ""))
    rows = correct_rows(actor=current_user, upload=record, typed=typed, again=again)
    if "choice" in told:
        line, _colon, choice = told["choice"][:40].partition(":")
        choose(actor=current_user, upload=record, line=_line(line), choice=choice)
    _tell(record, rows)
    return redirect(_back(record))


def _typed() -> dict[int, dict[int, str]]:
    """What stands in the boxes of the page, by line and column."""
    typed: dict[int, dict[int, str]] = {}
    for name, text in request.form.items():
        if found := BOX.fullmatch(name):
            typed.setdefault(int(found[1]), {})[int(found[2])] = text
    return typed


def _tell(record: Upload, rows: Sequence[Checked]) -> None:
    bad = [record.line_words(row.line) for row in rows if row.state in NEEDS_YOU]
    if good := len(rows) - len(bad):
        flash(ngettext("%(num)s row is good now.", "%(num)s rows are good now.", good))
    if bad:
        lines = ", ".join(bad)
        flash(
            ngettext(
                "Line %(lines)s still needs you.", "Lines %(lines)s still need you.", len(bad), lines=lines
            ),
            "problem",
        )


@imports.post("/imports/<int:upload_id>/choices")
@requires(Permission.IMPORTS_MANAGE)
def choose_rows(upload_id: int) -> ResponseReturnValue:
    record = get_upload(current_user, upload_id)
    state, choice = request.form.get("state", ""), request.form.get("choice", "")
    choose_for_all(actor=current_user, upload=record, state=state, choice=choice)
    return redirect(_back(record))


def _line(text: str) -> int:
    return min(int(text), LARGEST_LINE) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _back(record: Upload) -> str:
    """The page of rows the person came from, as far as it may be named in an address."""
    wanted: dict[str, Any] = {
        name: value for name in ("state", "q", "after") if (value := request.form.get(f"at_{name}"))
    }
    place = url_for(".upload", upload_id=record.id, **wanted)
    return f"{place}#rows" if count_needing(record, kind_of(record.kind)) else place  # the button is above
