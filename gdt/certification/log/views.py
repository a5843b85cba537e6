"""The public log: what it is, its heads, its entries and proofs, and the bundle to check without us."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from gdt import documents
from gdt.access import public
from gdt.certification.addresses import GUESSES, chunks_of, file_answer, look_up, page_here
from gdt.certification.blueprint import certification
from gdt.certification.log import publishing, queries
from gdt.certification.log.models import LogHead
from gdt.errors import RecordNotFound
from gdt.security import limiter, throttle_wrong

HEADS = 10
READS = "240 per minute"
TEXT = "text/plain; charset=utf-8"


@certification.get("/log")
@public
def log() -> ResponseReturnValue:
    page = page_here(queries.list_heads(), queries.HEAD_ORDER, size=HEADS)
    return render_template(
        "certification/log.html",
        page=page,
        newest=queries.find_newest_head(),
        entries=queries.count_entries(),
        witnesses=queries.count_witnesses(),
        bundle=queries.find_newest_bundle(),
    )


@certification.get("/log/head.txt")
@public
def newest_head_text() -> ResponseReturnValue:
    return _open(Response(_newest().note, content_type=TEXT))


@certification.get("/log/head.json")
@public
def newest_head() -> ResponseReturnValue:
    return publishing.head_facts(_newest())


@certification.get("/log/heads/<int:size>.txt")
@public
def head_text(size: int) -> ResponseReturnValue:
    """The newest head over this many entries, or with `on` that of a day, as it was signed."""
    head = queries.get_head(size, request.args.get("on"))
    name = f"gdt-log {head.signed_on.isoformat()} {head.size}.txt"
    return file_answer(head.note.encode(), TEXT, name)


@certification.get("/log/heads/<int:size>.json")
@public
def head(size: int) -> ResponseReturnValue:
    return publishing.head_facts(queries.get_head(size, request.args.get("on")))


@certification.get("/log/entries")
@public
@limiter.limit(READS)
def log_entries() -> ResponseReturnValue:
    """The entries from `start`, at most 1,000 of them, one on each line as it was written."""
    start, count = _whole("start", 0), min(_whole("count", publishing.MOST_LEAVES), 1000)
    lines = queries.list_leaves(start, start + count)
    return _open(Response("".join(f"{line}\n" for line in lines), content_type=TEXT))


@certification.get("/log/consistency")
@public
@limiter.limit(READS)
def log_consistency() -> ResponseReturnValue:
    return publishing.consistency(_whole("from", 0), _whole("to", queries.count_entries()))


@certification.get("/log/inclusion")
@public
@limiter.limit(READS)
def log_inclusion() -> ResponseReturnValue:
    return publishing.inclusion(_whole("position", 0), _whole("size", queries.count_entries()))


@certification.get("/verify/<code>/proof.json")
@public
@throttle_wrong(GUESSES, of="codes")
def certificate_proof(code: str) -> ResponseReturnValue:
    certificate, _problem = look_up(code)
    if certificate is None:
        abort(404)
    return publishing.proof_of(certificate)


@certification.get("/verify/bundle.zip")
@public
@limiter.limit("20 per minute")
def log_bundle() -> ResponseReturnValue:
    bundle = queries.find_newest_bundle()
    if bundle is None or bundle.file_key is None:
        raise RecordNotFound
    day = bundle.head.signed_on.isoformat()
    answer = file_answer(
        chunks_of(documents.open_to_read(bundle.file_key)), "application/zip", f"gdt-verify {day}.zip"
    )
    answer.content_length = bundle.file_size or 0
    return answer


def _newest() -> LogHead:
    head = queries.find_newest_head()
    if head is None:
        raise RecordNotFound
    return head


def _whole(name: str, default: int) -> int:
    """A number in the address; what is none, or no database can hold, finds nothing."""
    typed = request.args.get(name, str(default))
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        raise RecordNotFound
    return int(typed)


def _open(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
