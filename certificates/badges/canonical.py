"""The canonical N-Quads of a document of known shape: RDF Dataset Canonicalization 1.0 in one pass.

Every node of a shape stands at a place of its own, so the first-degree hashes (section 4.6 there) of its
blank nodes never tie and the costly N-degree search (4.8) is never needed. Node ids must differ from one
another; otherwise two nodes would become one, and their members could change places unnoticed.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from certificates.badges.shapes import InvalidCredential, Member, Node, iri, shown

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

Statement = tuple[str, str, str]


def canonical(document: Mapping[str, Any], shape: Node) -> bytes:
    """Return the document's statements in canonical form, as UTF-8.

    The caller takes `@context` and `proof` off the document before. Raises InvalidCredential where it departs
    from its shape.
    """
    statements: list[Statement] = []
    subjects: list[str] = []
    _walk(document, shape, statements, subjects)
    if len(set(subjects)) != len(subjects):
        raise InvalidCredential("Two parts of the document have the same id.")
    labels = _labels(statements, [subject for subject in subjects if subject[0] == "_"])
    lines = [f"{labels.get(s, s)} {p} {labels.get(o, o)} .\n" for s, p, o in statements]
    lines.sort()
    return "".join(lines).encode()


def _walk(part: Any, shape: Node, statements: list[Statement], subjects: list[str]) -> str:
    """State everything a JSON object says; return the name of its node."""
    _check_members(part, shape)
    subject = iri(part["id"]) if "id" in part else f"_:{len(subjects)}"
    subjects.append(subject)
    statements.extend((subject, _TYPE, kind) for kind in shape.type_iris)
    for name, value in part.items():
        member = shape.members.get(name)
        if member is None:
            continue
        if member.node is None:
            statements.append((subject, member.predicate, _written(name, value, member)))
        else:
            inner = _single(name, value) if member.listed else value
            statements.append((subject, member.predicate, _walk(inner, member.node, statements, subjects)))
    return subject


def _written(name: str, value: Any, member: Member) -> str:
    try:
        return member.write(value, member.typed) if member.write else ""
    except InvalidCredential as error:
        raise InvalidCredential(f"{name}: {error}") from None


def _single(name: str, value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 1:
        raise InvalidCredential(f"{name} must be a list with one entry.")
    return value[0]


def _check_members(part: Any, shape: Node) -> None:
    if not isinstance(part, dict):
        raise InvalidCredential(f"{shown(part)} must be a JSON object.")
    for name in part:
        known = (
            name in shape.members
            or (name == "type" and shape.type)
            or (name == "id" and shape.has_id is not False)
        )
        if not known:
            raise InvalidCredential(f"{shown(name)} is not a member our credentials have at this place.")
    if not shape.required <= part.keys():
        raise InvalidCredential(f"{min(shape.required - part.keys())} is missing.")
    if shape.type and part["type"] != shape.type:
        raise InvalidCredential(f"type must be {shape.type!r}.")


def _labels(statements: list[Statement], blank: list[str]) -> dict[str, str]:
    """Return the canonical label of each blank node, in the order of their first-degree hashes."""
    hashes = {}
    for node in blank:
        lines = [
            f"{_seen_from(node, s)} {p} {_seen_from(node, o)} .\n" for s, p, o in statements if node in (s, o)
        ]
        lines.sort()
        hashes[hashlib.sha256("".join(lines).encode()).digest()] = node
    return {hashes[found]: f"_:c14n{place}" for place, found in enumerate(sorted(hashes))}


def _seen_from(node: str, name: str) -> str:
    if name == node:
        return "_:a"
    return "_:z" if name[0] == "_" else name
