"""The public check: anyone who holds a code or a file sees what was printed, and four answers about it."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from gdt.access import public
from gdt.certification import wording
from gdt.certification.addresses import GUESSES, LOOKS, look_up, today
from gdt.certification.blueprint import certification
from gdt.certification.codes import MistypedCode, parse_code
from gdt.certification.delivery import holders
from gdt.certification.log import publishing as log_publishing
from gdt.certification.log.queries import find_published
from gdt.certification.models import Certificate
from gdt.certification.register import timeline
from gdt.certification.terms import queries as term_queries
from gdt.certification.verifying.comparing import (
    LARGEST_FILE,
    FileFinding,
    answers,
    compare_file,
    judge_stray_file,
)
from gdt.certification.verifying.handed_in import HandedIn, find_certificate
from gdt.database import now
from gdt.forms import changes_nothing
from gdt.security import limiter, throttle_wrong

_AROUND_A_FILE = 4096  # bytes of an upload that are not the file


@certification.get("/verify")
@public
@throttle_wrong(GUESSES, of="codes")
def verify_form() -> ResponseReturnValue:
    typed = request.args.get("code", "")
    if not typed.strip():
        return render_template("certification/verify_form.html", typed="", problem=None)
    try:
        return redirect(url_for(".verify", code=parse_code(typed)))
    except MistypedCode as slip:
        return _not_verified(typed, wording.slip(slip, typed))


@certification.post("/verify")
@public
@limiter.limit(LOOKS)
@throttle_wrong(GUESSES, of="codes")
@changes_nothing
def check_any_file() -> ResponseReturnValue:
    """A file without a code: it is laid beside the certificate it is, or says it is."""
    data = uploaded_file()
    record = find_certificate(HandedIn(data)) if data else None
    if record is not None:
        return _checked(record, compare_file(record, data))
    published = find_published(HandedIn(data).sha256)
    if published is not None:
        page = render_template("certification/published.html", published=published)
        return _kept_nowhere(page, 200)
    stray = judge_stray_file(data)
    page = render_template("certification/verify_form.html", typed="", problem=None, stray=stray)
    return _kept_nowhere(page, 422 if stray.is_refused else 404)


@certification.get("/verify/<code>")
@public
@limiter.limit(LOOKS)
@throttle_wrong(GUESSES, of="codes")
def verify(code: str) -> ResponseReturnValue:
    record, problem = look_up(code)
    if record is None:
        return _not_verified(code, problem)
    response = _verified(record, None)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@certification.post("/verify/<code>")
@public
@limiter.limit(LOOKS)
@throttle_wrong(GUESSES, of="codes")
@changes_nothing
def check_file(code: str) -> ResponseReturnValue:
    record, problem = look_up(code)
    if record is None:
        return _not_verified(code, problem)
    return _checked(record, compare_file(record, uploaded_file()))


def uploaded_file() -> bytes:
    """The bytes of the file in this request, cut where no file of ours goes on; empty without one."""
    request.max_content_length = LARGEST_FILE + _AROUND_A_FILE
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge:
        return b"\0" * (LARGEST_FILE + 1)
    return file.read(LARGEST_FILE + 1) if file else b""


def _checked(record: Certificate, finding: FileFinding) -> Response:
    response = _verified(record, finding)
    response.status_code = 422 if finding.is_refused else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def _verified(record: Certificate, finding: FileFinding | None) -> Response:
    if record.is_forgotten:
        is_as_issued = None if finding is None else finding is FileFinding.AS_ISSUED
        page = render_template("certification/forgotten.html", certificate=record, is_as_issued=is_as_issued)
        return _kept_nowhere(page, 200)
    chain = term_queries.list_chain(record)
    page = render_template(
        "certification/verify.html",
        chain=chain,
        newer_term=timeline.next_term(record, chain),
        today=today(),
        certificate=record,
        checked_at=now(),
        place=log_publishing.place_of(record),
        answers=answers(record, today(), finding),
        refused=finding is not None and finding.is_refused,
        foreign=finding is not None and finding.is_foreign,
        extras=holders.find_public_extras(record),
    )
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _not_verified(typed: str, problem: str) -> Response:
    page = render_template("certification/verify_form.html", typed=typed, problem=problem)
    return _kept_nowhere(page, 404)


def _kept_nowhere(page: str, status: int) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
