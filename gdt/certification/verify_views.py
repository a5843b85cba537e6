"""The public check: anyone who holds a code sees what was printed, and four answers about it."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from gdt.access import public
from gdt.certification import queries, term_queries, timeline, wording
from gdt.certification.addresses import today
from gdt.certification.badges import linkedin_address
from gdt.certification.blueprint import certification
from gdt.certification.codes import MistypedCode, parse_code
from gdt.certification.comparing import LARGEST_FILE, FileFinding, answers, compare_file
from gdt.certification.models import Certificate
from gdt.database import now
from gdt.forms import changes_nothing
from gdt.security import limiter

GUESSES = "30 per minute"
_AROUND_A_FILE = 4096  # bytes of an upload that are not the file


def is_not_found(response: Response) -> bool:
    return response.status_code == 404


@certification.get("/verify")
@public
@limiter.limit(GUESSES, deduct_when=is_not_found)
def verify_form() -> ResponseReturnValue:
    typed = request.args.get("code", "")
    if not typed.strip():
        return render_template("certification/verify_form.html", typed="", problem=None)
    try:
        return redirect(url_for(".verify", code=parse_code(typed)))
    except MistypedCode as slip:
        return _not_verified(typed, wording.slip(slip, typed))


@certification.get("/verify/<code>")
@public
@limiter.limit(GUESSES)
def verify(code: str) -> ResponseReturnValue:
    record, problem = _look_up(code)
    if record is None:
        return _not_verified(code, problem)
    response = _verified(record, None)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@certification.post("/verify/<code>")
@public
@limiter.limit(GUESSES)
@changes_nothing
def check_file(code: str) -> ResponseReturnValue:
    record, problem = _look_up(code)
    if record is None:
        return _not_verified(code, problem)
    finding = _compare_upload(record)
    response = _verified(record, finding)
    response.status_code = 422 if finding.is_refused else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def _look_up(code: str) -> tuple[Certificate | None, str]:
    """The certificate with this code, or what to say instead."""
    try:
        record = queries.find_by_code(parse_code(code))
    except MistypedCode as slip:
        return None, wording.slip(slip, code)
    return record, "" if record else wording.unknown_code()


def _compare_upload(record: Certificate) -> FileFinding:
    request.max_content_length = LARGEST_FILE + _AROUND_A_FILE
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge:
        return FileFinding.TOO_LARGE
    return compare_file(record, file.read(LARGEST_FILE + 1) if file else b"")


def _verified(record: Certificate, finding: FileFinding | None) -> Response:
    chain = term_queries.list_chain(record)
    page = render_template(
        "certification/verify.html",
        chain=chain,
        newer_term=timeline.next_term(record, chain),
        certificate=record,
        today=today(),
        checked_at=now(),
        answers=answers(record, today(), finding),
        refused=finding is not None and finding.is_refused,
        foreign=finding is not None and finding.is_foreign,
        linkedin=linkedin_address(record),
    )
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _not_verified(typed: str, problem: str) -> ResponseReturnValue:
    response = make_response(
        render_template("certification/verify_form.html", typed=typed, problem=problem), 404
    )
    response.headers["Cache-Control"] = "no-store"
    return response
