"""Erasing a person as durable work: files handed in, records, documents, and what a disk remembers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from email import policy
from email.parser import BytesParser
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from gdt import audit, documents, jobs
from gdt.access import OFFICE
from gdt.certification.issuing.sweeping import YOUNGEST, sweep_documents
from gdt.database import db, now, reading
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.people import forgotten
from gdt.people.models import Person
from gdt.privacy import erased_list, traces
from gdt.privacy.erasing_accounts import forget_accounts_of
from gdt.privacy.erasing_records import blank_records
from gdt.privacy.erasing_texts import take_out_of_texts
from gdt.privacy.erasing_uploads import next_uploads, take_out
from gdt.privacy.holdings import Holdings, holdings_of, words_of
from gdt.privacy.models import ErasureRequest, Outcome, RequestState, Stage
from gdt.privacy.trail_words import forget_in_trail
from gdt.privacy.words import Words

FILES_AT_A_TIME = 500


def clear_disk(request_id: int) -> None:
    """The last stage holds no transaction: a database rewrites its file, and files leave the store."""
    with reading():
        request = db.session.get(ErasureRequest, request_id)
        stage = request.stage if request else None
    if stage is Stage.TRACES:
        with suppress(DomainError):
            sweep_documents(older_than=YOUNGEST, dry_run=False)
        traces.rewrite()


@jobs.job(ErasureRequest, prepare=clear_disk)
def erase_portion(request: ErasureRequest, _prepared: None = None) -> None:
    """Do the next stage, or the next part of one; each may be done twice."""
    if request.state is not RequestState.ERASING or request.outcome is None:
        request.job_state = JobState.DONE
        return
    {
        Stage.UPLOADS: _erase_from_uploads,
        Stage.RECORDS: _erase_records,
        Stage.FILES: _remove_files,
        Stage.TRACES: _finish,
    }[request.stage](request)


def _count(request: ErasureRequest, **went: int) -> None:
    request.went = dict(Counter(request.went) + Counter({what: n for what, n in went.items() if n}))


def _known(request: ErasureRequest) -> tuple[Holdings, Words]:
    held = holdings_of(request.person_id)
    return held, words_of(held)


def _erase_from_uploads(request: ErasureRequest) -> None:
    """Her accounts go before everything else: while one has her address, it is not taken for hers alone."""
    _count(request, accounts=forget_accounts_of(holdings_of(request.person_id).persons))
    uploads, (_held, words) = next_uploads(request.seen_upload_id), _known(request)
    for upload in uploads:
        gone = take_out(upload, words)
        request.files = [*request.files, *gone]
        _count(request, uploads=bool(gone))
        request.seen_upload_id = upload.id
    if not uploads:
        request.stage = Stage.RECORDS


def _erase_records(request: ErasureRequest) -> None:
    """In one transaction, for afterwards nobody can tell any more by which words she was known."""
    held, words = _known(request)
    outcome = request.outcome or Outcome.NUMBER
    people = select(Person.id, Person.created_at).where(Person.id.in_(held.persons))
    erased_list.note([(row[0], row[1]) for row in db.session.execute(people)], outcome)
    forgotten.remember(numbers=words.numbers, emails=words.emails)
    _count(request, mail_files=_remove_mail_files(words))
    forget_in_trail(held, words)
    texts = take_out_of_texts(words)
    files = blank_records(held, words, outcome)
    db.session.refresh(request)
    _count(request, texts=texts, certificates=len(held.certificates), mails=len(held.mails), files=len(files))
    _count(request, entries=len(held.persons), corrections=len(held.requests), merges=len(held.merges))
    request.files = [*request.files, *files]
    request.stage = Stage.FILES


def _remove_mail_files(words: Words) -> int:
    """Without a mail server letters are kept as files: those to her or about her go."""
    removed = 0
    for file in _letters(Path(current_app.config["MAIL_FILE_PATH"])):
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        body = message.get_body(("plain", "html"))
        said = f"{message['to']} {message['subject']} {body.get_content() if body else ''}"
        if words.are_mentioned(said):
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def _letters(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (file for file in sorted(folder.iterdir()) if file.is_file())


def _remove_files(request: ErasureRequest) -> None:
    """The transaction that named them is durable by now, so nothing points at them any more."""
    now_gone, later = request.files[:FILES_AT_A_TIME], request.files[FILES_AT_A_TIME:]
    for key in now_gone:
        documents.remove(key)
    request.files = later
    if not later:
        request.stage = Stage.TRACES


def _finish(request: ErasureRequest) -> None:
    request.state, request.job_state, request.erased_at = RequestState.ERASED, JobState.DONE, now()
    audit.record(
        OFFICE,
        "erased",
        request,
        f"Erased the person of request {request.id}",
        institution_id=request.institution_id,
    )
