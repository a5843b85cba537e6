"""The log as anyone reads it: heads, entries and proofs, and the one proof that belongs to a certificate."""

import base64
from typing import Any

from certificates.log import decode_entry
from certificates.merkle import InvalidProof
from gdt.certification.log import queries
from gdt.certification.log.models import LogHead, LogLeaf
from gdt.certification.log.tree import KeptTree
from gdt.certification.models import Certificate
from gdt.errors import RecordNotFound

MOST_LEAVES = 1000


def head_facts(head: LogHead) -> dict[str, Any]:
    """A head as JSON: what it says, and the signed note itself."""
    return {
        "number": head.number,
        "size": head.size,
        "root": head.root,
        "signedAt": head.signed_at.isoformat(timespec="seconds"),
        "note": head.note,
    }


def consistency(old: int, new: int) -> dict[str, Any]:
    """What shows that the log of `new` entries only added to that of `old`. Raises RecordNotFound."""
    tree = _tree(new)
    try:
        proof = tree.consistency_proof(old)
    except InvalidProof as error:
        raise RecordNotFound from error
    return {
        "old": {"size": old, "root": tree.root(old).hex()},
        "new": {"size": new, "root": tree.root().hex()},
        "proof": _texts(proof),
    }


def inclusion(position: int, size: int) -> dict[str, Any]:
    """What shows that an entry stands in the log of `size` entries. Raises RecordNotFound."""
    tree = _tree(size)
    if not 0 <= position < size:
        raise RecordNotFound
    leaf = queries.list_leaves(position, position + 1)
    return {
        "leaf": leaf[0],
        "position": position,
        "size": size,
        "root": tree.root().hex(),
        "proof": _texts(tree.inclusion_proof(position)),
    }


def proof_of(certificate: Certificate) -> dict[str, Any]:
    """Shows that a certificate stands under the newest head, which comes with it, for the bundle's script.

    Raises RecordNotFound while no head covers it.
    """
    leaf, head = queries.find_leaf(certificate), queries.find_newest_head()
    if leaf is None or head is None or leaf.position >= head.size:
        raise RecordNotFound
    return inclusion(leaf.position, head.size) | {"head": head.note}


def place_of(certificate: Certificate) -> dict[str, Any] | None:
    """What a page tells of a certificate's entry; None while it has none."""
    leaf = queries.find_leaf(certificate)
    if leaf is None:
        return None
    return _place(leaf, queries.find_newest_head())


def _place(leaf: LogLeaf, head: LogHead | None) -> dict[str, Any]:
    entry = decode_entry(leaf.leaf.encode())
    is_covered = head is not None and leaf.position < head.size
    return {
        "position": leaf.position + 1,
        "written_at": entry.at,
        "head": head if is_covered else None,
    }


def _tree(size: int) -> KeptTree:
    if not 0 < size <= queries.count_entries():
        raise RecordNotFound
    return KeptTree(size)


def _texts(proof: list[bytes]) -> list[str]:
    return [base64.b64encode(part).decode() for part in proof]
