"""An upload and its rows as programs are told of them."""

from typing import Any

from gdt.imports.keeping import problems_of
from gdt.imports.kinds import Kind, kind_of
from gdt.imports.models import Upload
from gdt.imports.pages import Line, count_needing
from gdt.imports.wording import notices_of

PLAIN_QUESTIONS = ("sheets", "headings", "undated", "columns", "refused")


def tell_upload(upload: Upload) -> dict[str, Any]:
    """What is known of a file, and how many of its rows need a decision."""
    needing = count_needing(upload, kind_of(upload.kind)) if upload.checked_key else 0
    return tell_listed(upload) | {"need_a_decision": needing}


def tell_listed(upload: Upload) -> dict[str, Any]:
    """A file by what its own row says: its state, how many rows of each kind it has, how far the work is."""
    kind = kind_of(upload.kind)
    return {
        "id": upload.id,
        "kind": upload.kind,
        "subject": upload.subject_name,
        "filename": upload.filename,
        "sha256": upload.sha256,
        "uploaded_at": upload.uploaded_at,
        "state": upload.state.value,
        "rows": {
            "in": upload.rows_in,
            "kept": upload.rows_kept,
            "matched": upload.rows_matched,
            "unchanged": upload.rows_unchanged,
            "refused": upload.rows_refused,
            "changed": upload.rows_changed,
        },
        "rows_by_state": {state: count for state, count in upload.counts.items() if count},
        "progress": {
            "state": upload.job_state.value,
            "done": upload.job_done,
            "total": upload.job_total,
            "failure": upload.job_failure,
        },
        "sheets": list(upload.sheets),
        "columns": [
            {"header": header, "field": field or None}
            for header, field in zip(upload.header, upload.mapping, strict=False)
        ],
        "fields": [field.name for field in kind.fields],
        "question": _question(upload.question),
        "notices": notices_of(upload),
        "note": upload.note,
    }


def _question(asked: dict[str, Any]) -> dict[str, Any] | None:
    """What only a person, or a program that knows, can answer; None where nothing is asked."""
    told: dict[str, Any] = {name: asked[name] for name in PLAIN_QUESTIONS if name in asked}
    if "days" in asked:
        told["days"] = [{"text": text, "one": one, "other": two} for text, one, two in asked["days"]]
    if "scale" in asked:
        best, full = asked["scale"]
        told["marks"] = {"best": best, "out_of": full}
    return told or None


def tell_line(upload: Upload, kind: Kind, line: Line) -> dict[str, Any]:
    """A row as it stands: its values as the page shows them, what is wrong, what can be said of it."""
    values = line.row.values
    shown = [column for column in kind.shown if column.place < len(values)]
    return {
        "line": line.row.line,
        "line_in_words": upload.line_words(line.row.line),
        "state": line.row.state,
        "values": {str(column.label): _plain(values[column.place]) for column in shown},
        "reasons": [
            {"column": told["column"], "value": str(told["value"]), "reason": told["reason"]}
            for told in (problems_of(line.row) if line.row.problems else [])
        ],
        "note": str(line.row.note or ""),
        "cells": [
            {"index": index, "header": header, "text": text, "reason": reason}
            for index, header, text, reason in line.boxes
        ],
        "choices": [{"choice": choice, "words": str(words)} for choice, words in line.choices],
        "choice": line.choice,
        "differs": [
            {"field": str(label), "register": str(register), "file": str(file)}
            for label, register, file in line.differs
        ],
    }


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
