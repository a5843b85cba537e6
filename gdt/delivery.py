"""Bytes over the wire: static files under lasting names, and pages compressed where it pays."""

import gzip
import hashlib
import os
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

import flask_bootstrap
from flask import Flask, Response, request
from flask_bootstrap import Bootstrap5
from whitenoise import WhiteNoise

BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
BOOTSTRAP_FILES = ("css/bootstrap.min.css",)  # the only one our pages link
TEXT_FILES = frozenset({".css", ".js", ".svg", ".txt", ".webmanifest"})
LASTING = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")
COMPRESSIBLE = frozenset(
    {"application/json", "application/ld+json", "application/javascript", "image/svg+xml"}
)
BETWEEN_ATTRIBUTES = re.compile(rb'"[ \t]*\r?\n\s*(?=[\w>/])')
BETWEEN_TAGS = re.compile(rb">[ \t]*\r?\n\s*<")
SMALLEST = 1024  # bytes; below this a compressed page is hardly smaller
LEVEL = 6


def init_app(app: Flask) -> None:
    """Start Bootstrap-Flask, serve static files in front of the app, and compress what it answers."""
    Bootstrap5(app)
    app.after_request(_compress)
    app.after_request(_close_up)  # runs before the one above
    if app.debug:
        return  # a stylesheet under change is read from its own place
    shelf = Path(mkdtemp(prefix="gdt-static-"))  # one for each process, removed when it ends
    finalize(app, _remove, shelf, os.getpid())
    own = Path(app.static_folder or "")
    names = {
        "static": _lay_out(own, _files_in(own), shelf / "static"),
        "bootstrap.static": _lay_out(BOOTSTRAP, BOOTSTRAP_FILES, shelf / "bootstrap" / "static"),
    }
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, shelf, max_age=300, allow_all_origins=False, immutable_file_test=LASTING.pattern
    )

    @app.url_defaults
    def name_lasting(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in names and "filename" in values:
            values["filename"] = names[endpoint].get(values["filename"], values["filename"])


def _remove(shelf: Path, owner: int) -> None:
    if os.getpid() == owner:  # a worker forked from this process still reads from it
        shutil.rmtree(shelf, ignore_errors=True)


def _files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _lay_out(folder: Path, files: Iterable[str], shelf: Path) -> dict[str, str]:
    """Copy each file under its own name and under one that changes with its content; compress both."""
    names = {}
    for name in files:
        source = folder / name
        digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
        names[name] = str(Path(name).with_suffix(f".{digest}{source.suffix}").as_posix())
        for copy in (shelf / name, shelf / names[name]):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            if source.suffix in TEXT_FILES:
                squeezed = gzip.compress(source.read_bytes(), 9, mtime=0)
                copy.with_name(copy.name + ".gz").write_bytes(squeezed)
    return names


def _close_up(response: Response) -> Response:
    """Take the indentation between tags out of a page: one line end means the same, and costs a third less.

    The same goes for attributes on lines of their own. Text a person wrote is never touched: it holds no bare
    angle brackets and no bare quotation marks.
    """
    if response.mimetype == "text/html" and not response.is_streamed and not response.direct_passthrough:
        page = BETWEEN_ATTRIBUTES.sub(b'" ', response.get_data())
        response.set_data(BETWEEN_TAGS.sub(b">\n<", page))
    return response


def _compress(response: Response) -> Response:
    """Gzip text for a browser that accepts it; a stream is compressed as it flows.

    Secrets on a page differ from page to page (see `gdt.forms`), so their length tells nothing.
    """
    if not _is_text(response) or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or request.method == "HEAD" or response.status_code == 206:
        return response
    if response.is_streamed:
        response.response = _squeeze(response.response)
        response.headers.pop("Content-Length", None)
    elif len(response.get_data()) >= SMALLEST:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    else:
        return response
    response.headers["Content-Encoding"] = "gzip"
    _weaken(response)
    return response


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    return kind.startswith("text/") or kind in COMPRESSIBLE or kind.endswith(("+json", "+xml"))


def _squeeze(chunks: Iterable[bytes | str]) -> Iterator[bytes]:
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            piece = squeezer.compress(chunk.encode() if isinstance(chunk, str) else chunk)
            if piece:
                yield piece
        yield squeezer.flush()
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()


def _weaken(response: Response) -> None:
    """The same page in other bytes: its tag no longer promises each byte."""
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.set_etag(tag, weak=True)
