"""The bundle with which anyone checks our certificates and badges offline: public records and one script."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from certificates.badges.shapes import BADGE, PROOF, STATUS_LIST, Node

_SCRIPT = Path(__file__).with_name("verify.py")
_README = Path(__file__).with_name("README.txt")
_ENTRIES_A_WRITE = 2000


def bundle_files(
    did_document: Mapping[str, Any],
    status_lists: Iterable[Mapping[str, Any]],
    head: str,
    leaves: Iterable[bytes],
) -> dict[str, bytes]:
    """Return the bundle's files by name: keys, signed status lists, signed head, every leaf, the script.

    `head` is what sign_head wrote for exactly these leaves. `python verify.py FILE` in the folder checks.
    """
    small = dict(_small_files(did_document, status_lists, head))
    return small | {"leaves.txt": b"".join(leaf + b"\n" for leaf in leaves)}


def write_bundle(
    archive: ZipFile,
    did_document: Mapping[str, Any],
    status_lists: Iterable[Mapping[str, Any]],
    head: str,
    leaves: Iterable[bytes],
) -> None:
    """Write the same files into a ZIP, leaf by leaf and list by list, in memory that does not grow."""
    for name, content in _small_files(did_document, status_lists, head):
        archive.writestr(name, content, ZIP_DEFLATED)
    with archive.open("leaves.txt", "w", force_zip64=True) as file:
        lines: list[bytes] = []
        for leaf in leaves:
            lines.append(leaf + b"\n")
            if len(lines) == _ENTRIES_A_WRITE:
                file.write(b"".join(lines))
                lines.clear()
        file.write(b"".join(lines))


def _small_files(
    did_document: Mapping[str, Any], status_lists: Iterable[Mapping[str, Any]], head: str
) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", _README.read_bytes()
    yield "did.json", _json(did_document)
    yield "head.txt", head.encode()
    yield "terms.json", _json(_terms())
    yield "verify.py", _SCRIPT.read_bytes()
    for place, found in enumerate(status_lists, 1):
        yield f"status-{place}.json", _json(found)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _terms() -> dict[str, dict[str, Any]]:
    """Return what every type and member of our documents means: IRIs in brackets, and the datatype."""
    nodes = [found for top in (BADGE, STATUS_LIST, PROOF) for found in _inside(top)]
    types: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for node in nodes:
        names = [node.type] if isinstance(node.type, str) else node.type or []
        types |= dict(zip(names, node.type_iris, strict=True))
        members |= {name: [member.predicate, member.typed] for name, member in node.members.items()}
    return {"types": types, "members": members}


def _inside(node: Node) -> Iterator[Node]:
    yield node
    for member in node.members.values():
        if member.node:
            yield from _inside(member.node)
