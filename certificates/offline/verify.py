"""Check a certificate, badge or proof against a bundle of the register, without network and without us.

python verify.py FILE [BUNDLE]     FILE: PDF, badge (JSON, PNG) or proof (JSON); BUNDLE: this folder.
Needs `pip install cryptography`. Trust begins with did.json: compare it once with the one on our site.
"""

import base64
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
Rows = list[tuple[str, str, str]]


def digest(part: Any, terms: Any) -> bytes:
    """Return SHA-256 of the canonical N-Quads (RDF Dataset Canonicalization 1.0) of one of our documents."""
    rows, nodes = Rows(), list[str]()
    state(part, terms, rows, nodes)
    seen = dict.fromkeys((node for node in nodes if node[0] == "_"), "_:z")
    order = sorted(seen, key=lambda node: hashed([row for row in rows if node in row], seen | {node: "_:a"}))
    return hashed(rows, {node: f"_:c14n{place}" for place, node in enumerate(order)})


def state(part: Any, terms: Any, rows: Rows, nodes: list[str]) -> str:  # the name of its node
    node = written(part["id"], "@id") if "id" in part else f"_:{len(nodes)}"
    if node in nodes:
        raise ValueError("two parts of the document have the same id")
    nodes.append(node)
    for name, value in part.items():
        for item in value if isinstance(value, list) and value else [value]:
            predicate, typed = terms["members"].get(name, ("", ""))  # an unknown member changes the hash
            if name == "type":
                rows.append((node, "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", terms["types"][item]))
            elif name != "id":
                inner = state(item, terms, rows, nodes) if isinstance(item, dict) else written(item, typed)
                rows.append((node, predicate, inner))
    return node


def written(value: Any, typed: str) -> str:  # in N-Quads: an address in brackets, or a text with datatype
    address = typed in ("@id", "@vocab")
    text = "https://w3id.org/security#" * (typed == "@vocab") + ("true" if value is True else value)
    if not re.fullmatch(r"(https?|did|urn):[!#-;=?-\[\]_a-z~]+" if address else "[^\0-\x1f\x7f]+", text):
        raise ValueError(f"{text[:80]!r} cannot stand in a badge")
    text = text if address else text.replace("\\", "\\\\").replace('"', '\\"')
    return f"<{text}>" if address else f'"{text}"' + (f"^^<{typed}>" if typed else "")


def hashed(rows: Rows, labels: dict[str, str]) -> bytes:
    lines = sorted(f"{labels.get(s, s)} {p} {labels.get(o, o)} .\n" for s, p, o in rows)
    return hashlib.sha256("".join(lines).encode()).digest()


def base58(text: str, length: int) -> bytes:
    return int(sum(BASE58.index(c) * 58**place for place, c in enumerate(text[:0:-1]))).to_bytes(length)


def is_signed(multikey: str, signature: bytes, message: bytes) -> bool:
    with suppress(InvalidSignature):
        return Ed25519PublicKey.from_public_bytes(base58(multikey, 34)[2:]).verify(signature, message) is None
    return False


def read_log(folder: Path, keys: dict[str, str], wanted: str) -> list[Any]:
    """Return the entries that name a hash, once a head of ours fits every entry of the log (RFC 9162)."""
    text, _, line = (folder / "head.txt").read_text("utf-8").partition("\n\n")
    origin, size, root, at = text.split("\n")
    mark, message = base64.b64decode(line.split()[2])[4:], f"{text}\n".encode()
    ours = any(key[:4] == "z6Mk" and at < keys[key] and is_signed(key, mark, message) for key in keys)
    row, entries = list[bytes](), list[Any]()
    with (folder / "leaves.txt").open("rb") as file:
        for leaf in (line[:-1] for line in file):
            entries += [json.loads(leaf) | {"place": len(row)}] if wanted.encode() in leaf else []
            row.append(hashlib.sha256(b"\0" + leaf).digest())
    ours = ours and int(size) == len(row)
    while len(row) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)]
        row = pairs + row[len(pairs) * 2 :]
    if not ours or base64.b64decode(root) != (row or [hashlib.sha256().digest()])[0]:
        raise ValueError("the log is not one whose head was signed by a key in did.json")
    sys.stdout.write(f"The log {origin} holds {size} entries and was signed at {at}.\n")
    return entries


def proven(document: Any, did: Any, terms: Any) -> tuple[str, bool, bool]:
    """Return a document's digest, whether it is unaltered, and whether a key of ours signed it."""
    proof = dict(document["proof"])
    signature, method = base58(proof.pop("proofValue"), 64), proof["verificationMethod"]
    content = digest({k: v for k, v in document.items() if k not in ("@context", "proof")}, terms)
    whole = is_signed(method.partition("#")[2], signature, digest(proof, terms) + content)
    issuer = document["issuer"]["id"] if isinstance(document["issuer"], dict) else document["issuer"]
    return content.hex(), whole, whole and method in did["assertionMethod"] and issuer == did["id"]


def badge_answers(badge: Any, folder: Path, did: Any, terms: Any) -> Iterator[tuple[str, bool]]:
    _, whole, ours = proven(badge, did, terms)
    yield from [("unaltered", whole), ("signed with a key of ours", ours)]
    start, end = badge["validFrom"], badge.get("validUntil", "9999-12-31T00:00:00Z")
    yield "in its dates", datetime.fromisoformat(start) <= datetime.now(UTC) <= datetime.fromisoformat(end)
    entry = badge.get("credentialStatus", {"statusListCredential": None})
    for status in (json.loads(path.read_bytes()) for path in folder.glob("status-*.json")):
        if status["id"] == entry["statusListCredential"] and proven(status, did, terms)[2]:
            packed = base64.urlsafe_b64decode(status["credentialSubject"]["encodedList"][1:] + "==")
            bits, index = zlib.decompress(packed, wbits=31), int(entry["statusListIndex"])
            yield "not revoked in the status list", not bits[index // 8] & 0x80 >> index % 8


def answers(data: bytes, folder: Path) -> Iterator[tuple[str, bool]]:
    did, terms = (json.loads((folder / name).read_bytes()) for name in ("did.json", "terms.json"))
    keys = {key["id"].partition("#")[2]: key.get("revoked", "9") for key in did["verificationMethod"]}
    wanted = {"file": hashlib.sha256(data).hexdigest()}
    if not data.startswith(b"%PDF-"):
        if data.startswith(b"\x89PNG"):
            head, _, rest = data.partition(b"iTXtopenbadgecredential\0\0\0\0\0")
            data = rest[: int.from_bytes(head[-4:]) - 24]
        badge = json.loads(data)
        leaf = json.loads(badge.get("leaf", "{}"))  # of a proof
        wanted = leaf | {"place": badge["position"]} if leaf else {"badge": proven(badge, did, terms)[0]}
        yield from () if leaf else badge_answers(badge, folder, did, terms)
    log = read_log(folder, keys, wanted.get("file") or wanted["badge"])
    ours = [e for e in log if wanted.items() <= e.items() and e["event"] in ("issued", "published")]
    ours = [e for e in ours if all(e["at"] < keys.get(e.get(k, e["key"]), "") for k in ("key", "signer"))]
    yield "issued by us, as the log shows", bool(ours)
    yield "neither revoked nor replaced", set() < {e["event"] for e in log} <= {"issued", "published"}


def main(file: str, folder: str | Path = Path(__file__).parent) -> str | None:
    bad = ""
    try:
        for question, answer in answers(Path(file).read_bytes(), Path(folder)):
            sys.stdout.write(f"{'yes' if answer else 'NO ':3}  {question}\n")
            bad += "" if answer else f"It is not {question}. "
    except Exception as error:  # whatever is wrong with a file or bundle, nothing is proven
        bad = f"It cannot be checked: {error or type(error).__name__}."
    return bad or None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if sys.argv[1:] else __doc__)
