"""The public check: anyone who holds a code sees what was printed, and whether it still counts."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.certification import queries, wording
from gdt.certification.addresses import today
from gdt.certification.blueprint import certification
from gdt.certification.codes import MistypedCode, parse_code
from gdt.database import now
from gdt.security import limiter

GUESSES = "30 per minute"


@certification.get("/verify")
@public
@limiter.limit(GUESSES, deduct_when=lambda response: response.status_code == 404)
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
    try:
        record = queries.find_by_code(parse_code(code))
    except MistypedCode as slip:
        return _not_verified(code, wording.slip(slip, code))
    if record is None:
        return _not_verified(code, wording.unknown_code())
    page = render_template("certification/verify.html", certificate=record, today=today(), checked_at=now())
    response = make_response(page)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _not_verified(typed: str, problem: str) -> ResponseReturnValue:
    response = make_response(
        render_template("certification/verify_form.html", typed=typed, problem=problem), 404
    )
    response.headers["Cache-Control"] = "no-store"
    return response
