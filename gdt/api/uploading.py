"""Uploads as programs make them: the pages' own services, with the answers that are known beforehand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _

from gdt.access import OFFICE, Viewer
from gdt.errors import DomainError, RecordNotFound
from gdt.imports.answering import Answer, answer_about
from gdt.imports.changing import choose, choose_for_all, correct_rows
from gdt.imports.checking import hand_in
from gdt.imports.dependent_words import dependent_words
from gdt.imports.keeping import confirm, import_now
from gdt.imports.kind_parts import Subject
from gdt.imports.kinds import Kind, kind_of
from gdt.imports.large_files import is_being_read, is_large
from gdt.imports.models import Upload, UploadState
from gdt.imports.pages import count_needing
from gdt.imports.returning import refused_workbook
from gdt.imports.scales import out_of
from gdt.imports.understanding import Said
from gdt.imports.undoing import Deeds, find_dependents, undo
from gdt.spreadsheets.handing_back import Returned
from gdt.spreadsheets.refusals import Refused

Answers = dict[str, Any]  # sheets, columns, day_order and so on: each only where it is said
MOST_PROBLEMS = 1_000


def hand_in_answered(
    *, actor: Viewer, kind: Kind, subject: Subject, filename: str, data: bytes, answers: Answers
) -> Upload:
    """Hand in a file and answer at once what a page would ask; a file kept before stays as it is."""
    with _refused_in_words("file"):
        upload = hand_in(actor=actor, kind=kind, subject=subject, filename=filename, data=data)
    if not answers:
        return upload
    if is_being_read(upload):  # as work of its own, which finds here what was said
        _note_answers(upload, answers)
    elif upload.state in {UploadState.ASKING, UploadState.CHECKED}:
        answer_upload(actor=actor, upload=upload, answers=answers)
    return upload


@contextmanager
def _refused_in_words(field: str | None = None) -> Iterator[None]:
    """A file that cannot be read (any more, or just now) is a refusal like any other."""
    try:
        yield
    except Refused as refusal:
        raise DomainError(refusal.reason, field) from refusal


def returned_workbook(upload: Upload) -> Returned:
    """The rows that are not kept as things stand, in their workbook; raises RecordNotFound where all are."""
    needing = count_needing(upload, kind_of(upload.kind)) if upload.checked_key else 0
    if not needing and not upload.problems:
        raise RecordNotFound
    with _refused_in_words():
        return refused_workbook(upload)


def _note_answers(upload: Upload, answers: Answers) -> None:
    """Put on the record what the work that reads the file will ask it for."""
    said: dict[str, Any] = {}
    if sheets := answers.get("sheets"):
        upload.sheet, said["sheets"] = sheets[0], list(sheets)
    if "has_header" in answers:
        said["has_header"] = answers["has_header"]
    if day := answers.get("otherwise_on"):
        kind = kind_of(upload.kind)
        kind.refuse_day(kind.subject(OFFICE, upload.subject_id), day)
        said["otherwise_on"] = day.isoformat()
    upload.answers = {**upload.answers, **said}
    upload.day_order = answers.get("day_order", upload.day_order)
    if typed := answers.get("out_of"):
        upload.scale = {**upload.scale, "said": typed}


def answer_upload(*, actor: Viewer, upload: Upload, answers: Answers) -> None:
    """Answer what was asked of a file: its sheets first, because their columns are other ones then."""
    rest = {name: value for name, value in answers.items() if name != "sheets"}
    if upload.question.get("sheets"):
        sheets = tuple(answers.get("sheets", ()))
        answer_about(actor=actor, upload=upload, answer=Answer(sheets=sheets))
    if rest and is_being_read(upload):  # a large one, which is read anew for its sheets
        _note_answers(upload, rest)
    elif rest:
        answer = Answer(
            mapping=rest.get("columns", list(upload.mapping)),
            day_order=rest.get("day_order"),
            marks_out_of=rest.get("out_of"),
            has_header=rest.get("has_header"),
            otherwise_on=rest.get("otherwise_on"),
        )
        answer_about(actor=actor, upload=upload, answer=answer)


def try_out(
    *, actor: Viewer, kind: Kind, subject: Subject, filename: str, data: bytes, answers: Answers
) -> dict[str, Any]:
    """What keeping a file would come to, as `gdt import-… --dry-run` tells it; nothing is stored."""
    if is_large(data):
        raise DomainError(
            _("Hand in a file this large without dry_run: nothing is kept before you confirm."), "dry_run"
        )
    said = Said(
        sheets=tuple(answers.get("sheets", ())),
        mapping=answers.get("columns"),
        day_order=answers.get("day_order"),
        out_of=out_of(answers["out_of"]) if "out_of" in answers else None,
        has_header=answers.get("has_header"),
        otherwise_on=answers.get("otherwise_on"),
    )
    with _refused_in_words("file"):
        told = import_now(
            viewer=actor, kind=kind, subject=subject, filename=filename, data=data, is_dry=True, said=said
        )
    return told | {"problems": told["problems"][:MOST_PROBLEMS]}


def decide(*, actor: Viewer, upload: Upload, for_all: dict[str, str], rows: list[dict[str, Any]]) -> None:
    """Say what rows are, and correct cells: all of it or, where one thing cannot be, nothing."""
    if not for_all and not rows:
        raise DomainError(_("Say something of all rows of a state, or of single rows."))
    for state, choice in for_all.items():
        choose_for_all(actor=actor, upload=upload, state=state, choice=choice)
    typed = {row["line"]: _cells(row["cells"]) for row in rows if row.get("cells")}
    if typed:
        with _refused_in_words():
            correct_rows(actor=actor, upload=upload, typed=typed)
    for row in rows:
        if "choice" in row:
            choose(actor=actor, upload=upload, line=row["line"], choice=row["choice"])


def _cells(typed: dict[str, str]) -> dict[int, str]:
    return {int(index): text for index, text in typed.items()}


def confirm_upload(*, actor: Viewer, upload: Upload) -> None:
    """Begin to keep a checked file; saying it again of one that is being kept, or was, changes nothing."""
    if confirm(actor=actor, upload=upload) or upload.state in {UploadState.KEEPING, UploadState.KEPT}:
        return
    if upload.state is UploadState.ASKING:
        raise DomainError(_("This file has a question. Answer it first."))
    if upload.state is UploadState.READING:
        raise DomainError(_("The file is being read. Wait until that is done, and look again."))
    raise DomainError(_("This file was put aside or undone. Hand it in again to keep it."))


def undo_upload(*, actor: Viewer, upload: Upload) -> None:
    """Begin to undo a kept file; where that cannot be, the refusal says what depends on it."""
    try:
        undo(actor=actor, upload=upload)
    except DomainError as refusal:
        told = find_dependents(upload, Deeds(upload)) if upload.state is UploadState.KEPT else []
        raise DomainError(" ".join([refusal.message, *map(dependent_words, told)])) from refusal
