"""The public check for programs: the same four answers as JSON, described in docs/verify-api.md."""

from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.certification.addresses import GUESSES, LOOKS, look_up, today
from gdt.certification.blueprint import certification
from gdt.certification.models import Certificate
from gdt.certification.verifying.comparing import FileFinding, answers, compare_file
from gdt.certification.verifying.views import uploaded_file
from gdt.database import now
from gdt.forms import changes_nothing
from gdt.security import limiter, throttle_wrong

VERSION = 1
# Only what stands on the paper. Whoever adds a fact to certificates decides here whether strangers see it.
PRINTED = (
    "kind",
    "number",
    "code",
    "printed_name",
    "native_name",
    "institution",
    "institution_native",
    "country",
    "achievement",
    "modules",
    "held_from",
    "held_to",
    "mode",
    "place",
    "issued_on",
    "valid_until",
    "signatories",
    "verify_url",
)


@certification.get("/api/v1/verify/<code>")
@certification.get("/api/verify/<code>")
@public
@limiter.limit(LOOKS)
@throttle_wrong(GUESSES, of="codes")
def verify_api(code: str) -> ResponseReturnValue:
    record, problem = look_up(code)
    return _not_found(problem) if record is None else _told(record, None)


@certification.post("/api/v1/verify/<code>")
@certification.post("/api/verify/<code>")
@public
@limiter.limit(LOOKS)
@throttle_wrong(GUESSES, of="codes")
@changes_nothing
def check_file_api(code: str) -> ResponseReturnValue:
    record, problem = look_up(code)
    return _not_found(problem) if record is None else _told(record, compare_file(record, uploaded_file()))


def _told(record: Certificate, finding: FileFinding | None) -> Response:
    """The answers, or 422 when the file was none that could be compared."""
    response = jsonify(
        version=VERSION,
        checked_at=now().isoformat(timespec="seconds"),
        certificate={name: record.facts[name] for name in PRINTED if record.facts.get(name) is not None},
        answers=_answers(record, finding),
        replaced_by=_successor(record),
        file={"sha256": record.file_sha256, "size": record.file_size},
        compared=finding.value if finding else None,
    )
    response.status_code = 422 if finding is not None and finding.is_refused else 200
    response.headers["Cache-Control"] = "public, max-age=60" if finding is None else "no-store"
    return response


def _answers(record: Certificate, finding: FileFinding | None) -> dict[str, Any]:
    return {
        answer.topic: {"answer": answer.verdict, "sentence": answer.sentence}
        for answer in answers(record, today(), finding)
    }


def _successor(record: Certificate) -> dict[str, str] | None:
    if record.replaced_by is None:
        return None
    successor = record.replaced_by.facts
    return {name: successor[name] for name in ("number", "code", "verify_url")}


def _not_found(problem: str) -> ResponseReturnValue:
    response = jsonify(version=VERSION, error=404, sentence=problem)
    response.headers["Cache-Control"] = "no-store"
    return response, 404


@certification.after_request
def _let_other_sites_read(response: Response) -> Response:
    """What is public may be read by a page of another site; no cookie is ever asked for here."""
    if request.path.startswith("/api/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
