"""The document store: bytes kept under a key, in a folder by default or in object storage by URL."""

import os
import secrets
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, cast

import fsspec
from flask import Flask, current_app
from fsspec.implementations.local import LocalFileSystem

from gdt.errors import RecordNotFound

WRITERS = 8
UNFINISHED = ".unfinished-"  # in the name of a file that a crash may leave half written


def init_app(app: Flask) -> None:
    app.extensions["documents"] = fsspec.core.url_to_fs(app.config["DOCUMENTS_URL"])


def keep_all(folder: str, contents: Iterable[bytes], *, suffix: str) -> None:
    """Store many at once, several being written at a time: a disk takes longer to answer than to write."""
    store = _place("")
    with ThreadPoolExecutor(WRITERS) as writers:
        deque(writers.map(lambda content: _keep(store, folder, content, suffix), contents), maxlen=0)


def keep(folder: str, content: bytes, *, suffix: str) -> tuple[str, str]:
    """Store bytes once under their own SHA-256; returns (key, sha256 in hex). Storing again is harmless."""
    return _keep(_place(""), folder, content, suffix)


def _keep(store: tuple[Any, str], folder: str, content: bytes, suffix: str) -> tuple[str, str]:
    digest = sha256(content).hexdigest()
    key = f"{folder}/{digest[:2]}/{digest}{suffix}"
    filesystem, path = store[0], store[1] + key
    if not filesystem.exists(path):
        _write_whole(filesystem, path, BytesIO(content))
    return key, digest


def read(key: str) -> bytes:
    """The bytes under a key; raises RecordNotFound when there are none, or they were removed for good."""
    if not key:
        raise RecordNotFound
    filesystem, path = _place(key)
    try:
        return cast("bytes", filesystem.cat_file(path))
    except FileNotFoundError as error:
        raise RecordNotFound from error


def open_to_read(key: str) -> BinaryIO:
    """A stream of the bytes under a key, for what is too large to hold in memory; raises as `read` does."""
    if not key:
        raise RecordNotFound
    filesystem, path = _place(key)
    try:
        return cast("BinaryIO", filesystem.open(path, "rb"))
    except FileNotFoundError as error:
        raise RecordNotFound from error


def size(key: str) -> int:
    """How many bytes are under a key."""
    filesystem, path = _place(key)
    return int(filesystem.size(path))


def open_to_write(key: str) -> Any:
    """A stream that becomes the document when it is closed without error (a transaction of the store)."""
    filesystem, path = _place(key)
    filesystem.makedirs(filesystem._parent(path), exist_ok=True)
    return filesystem.open(path, "wb")


def remove(key: str) -> None:
    """Take a document out of the store; one that is gone already is as good as removed."""
    filesystem, path = _place(key)
    if filesystem.exists(path):
        filesystem.rm_file(path)


def _write_whole(filesystem: Any, path: str, source: BinaryIO) -> None:
    """All or nothing: a crash in the middle must not leave half a document under its final name."""
    if isinstance(filesystem, LocalFileSystem):
        _write_file(Path(path), source)
        return
    filesystem.makedirs(filesystem._parent(path), exist_ok=True)
    with filesystem.open(path, "wb", autocommit=False) as file:
        copyfileobj(source, file)
    file.commit()


def _write_file(path: Path, source: BinaryIO) -> None:
    """Into a file beside it, onto the disk, then under its name: the database will soon say it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}{UNFINISHED}{secrets.token_hex(6)}")
    with draft.open("wb") as file:
        copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def put_back(key: str, source: BinaryIO) -> None:
    """Store a document of a backup under the key it had, over whatever is there."""
    filesystem, path = _place(key)
    _write_whole(filesystem, path, source)


def assert_writable() -> None:
    """Write a file that nobody reads, and take it away again. Raises whatever the store raises."""
    key = f"readiness/{UNFINISHED}{secrets.token_hex(6)}"
    put_back(key, BytesIO(b"ready"))
    remove(key)


def every_key(folder: str = "") -> Iterator[str]:
    """The keys of a folder and of those in it, as they are found; of files a crash left, none."""
    filesystem, root = _place(folder)
    start = len(_place("")[1])
    if not filesystem.exists(root):
        return
    for place, _folders, files in filesystem.walk(root.rstrip("/")):
        yield from (f"{place}/{name}"[start:] for name in sorted(files) if UNFINISHED not in name)


def list_older(folder: str, moment: datetime) -> Iterator[str]:
    """The keys of a folder, and of those in it, that were last written before a moment."""
    filesystem, root = _place(folder)
    start = len(_place("")[1])
    if not filesystem.exists(root):
        return
    for place, _folders, files in filesystem.walk(root):
        for name in sorted(files):
            path = f"{place}/{name}"
            if filesystem.modified(path).astimezone(UTC) < moment:
                yield path[start:]


def _place(key: str) -> tuple[Any, str]:
    filesystem, root = current_app.extensions["documents"]
    return filesystem, f"{root}/{key}"
