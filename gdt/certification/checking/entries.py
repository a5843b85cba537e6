"""One entry of the log beside what the register, the seals and the document store hold: what differs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from certificates.badges import InvalidCredential, InvalidKey, PublicKey, read_document, verify_credential
from certificates.log import Entry, Event, InvalidLog, commit_to_facts, decode_entry
from gdt import documents
from gdt.certification.badges.statuses import slot_of
from gdt.certification.checking.queries import Line, find_publication
from gdt.certification.codes import grouped
from gdt.certification.numbering import number_of
from gdt.errors import RecordNotFound

KeysOf = Callable[[str], Mapping[str, PublicKey]]


def check_line(line: Line, entry: Entry, keys: KeysOf) -> Iterator[str]:
    """Say everything about a certificate that is not as the log has it. `keys` gives those of an issuer."""
    if entry.event is not line.event or (line.number is not None and entry.number != line.number):
        yield f"Entry {line.position} is about {entry.number}, {entry.event.value}; it is kept as another."
    if entry.event is Event.PUBLISHED:
        yield from _published(line, entry)
    elif line.certificate_id is None:
        yield "The log knows it, and the register does not: it was deleted."
    elif entry.event is Event.ISSUED:
        yield from _issued(line, entry, keys)
    else:
        yield from _happened(line, entry)


def _happened(line: Line, entry: Entry) -> Iterator[str]:
    if line.first_leaf is None:
        yield f"The log says it was {entry.event.value}, and not that it was issued."
        return
    try:
        first = decode_entry(line.first_leaf.encode())
    except InvalidLog:
        return  # told where that entry is read
    said = replace(first, event=entry.event, at=entry.at, key=entry.key, successor=entry.successor)
    if said != entry:
        yield f"The entry that it was {entry.event.value} is about another file than the one that was issued."
    if entry.event is Event.REVOKED and line.revoked_at is None:
        yield "The log says it was revoked, and the register says it was not."
    if entry.event is Event.REPLACED and line.successor != entry.successor:
        newer = line.successor or "nothing did"
        yield f"The log says {entry.successor} replaced it; the register says {newer}."


def _issued(line: Line, entry: Entry, keys: KeysOf) -> Iterator[str]:
    if line.file_sha256 != entry.file:
        yield "The register has another fingerprint of its file than the log."
    if line.design != entry.design:
        yield f"The register says it was drawn with {line.design}, the log says {entry.design}."
    if line.year is not None and line.serial is not None and number_of(line.year, line.serial) != line.number:
        yield f"Its number does not fit its year and place ({line.year}, {line.serial})."
    yield from _bit(line)
    yield from _file(line, entry)
    if line.erased_at is None:
        yield from _facts(line, entry)
        yield from _badge(line, entry, keys)


def _published(line: Line, entry: Entry) -> Iterator[str]:
    """What was published: the register's fingerprints, and both files in the document store."""
    kept = find_publication(line.position)
    if kept is None or kept.number != entry.number:
        yield "The log says it was published, and the register does not know it: it was deleted."
        return
    if (kept.file_sha256, kept.facts_sha256) != (entry.file, entry.commitment):
        yield "The register has other fingerprints of what was published than the log."
    parts = {"document": (kept.file_key, entry.file), "file of figures": (kept.facts_key, entry.commitment)}
    for name, (key, sha) in parts.items():
        try:
            is_same = sha256(documents.read(key)).hexdigest() == sha
        except (RecordNotFound, OSError):
            yield f"The {name} that was published is gone from the document store."
            continue
        if not is_same:
            yield f"The {name} in the document store is not the one that was published."


def _file(line: Line, entry: Entry) -> Iterator[str]:
    try:
        data = documents.read(line.file_key or "")
    except (RecordNotFound, OSError):
        if line.erased_at is None:
            yield "Its file is gone from the document store."
        return
    if sha256(data).hexdigest() != entry.file:
        yield "Its file in the document store is not the one that was issued."
    elif len(data) != line.file_size:
        yield "The register has another size of its file."


def _facts(line: Line, entry: Entry) -> Iterator[str]:
    facts = line.facts or {}
    if line.salt is None:
        yield "The salt that ties its facts to the log is gone, though nobody was erased."
    elif not _fits(facts, line.salt, entry.commitment):
        yield "The facts in the register (or their salt) are not those that were issued."
    shown = {
        "number": line.number,
        "code": grouped(line.code or ""),
        "kind": line.kind.value if line.kind else None,
        "issued_on": _day(line.issued_on),
        "valid_until": _day(line.valid_until),
    }
    for name, value in shown.items():
        if facts.get(name) != value:
            yield f"The register shows {name} as {value}; printed was {facts.get(name)}."


def _fits(facts: dict[str, Any], salt: str, commitment: str) -> bool:
    try:
        return commit_to_facts(facts, bytes.fromhex(salt)) == commitment
    except ValueError:
        return False


def _badge(line: Line, entry: Entry, keys: KeysOf) -> Iterator[str]:
    if entry.signer != line.signature_key:
        yield f"The register says the key {line.signature_key} signed it, the log says {entry.signer}."
    if line.badge is None:
        if entry.badge is not None:
            yield "Its badge is gone."
        return
    try:
        document = read_document(line.badge)
        verdict = verify_credential(document, keys(document["issuer"]["id"]))
    except (InvalidCredential, InvalidKey, KeyError, TypeError):
        yield "Its badge cannot be read."
        return
    if verdict.digest != entry.badge or line.badge_digest != entry.badge:
        yield "Its badge is not the one that was issued."
    elif not verdict.unaltered:
        yield "The signature of its badge was changed."
    elif verdict.key is None or verdict.key.multikey != entry.key or line.badge_key != entry.key:
        yield f"Its badge is not signed with the key in the log, {entry.key}, or that key is unknown now."


def _bit(line: Line) -> Iterator[str]:
    named = slot_of(line.badge) if line.badge and _is_object(line.badge) else None
    if named is None:
        return
    if (line.status_url, line.status_bit) != (named.url, named.bit):
        yield "The bit of the status list that its badge names was given away or is not known."
    elif line.is_bit_set != (line.revoked_at is not None or line.successor is not None):
        said = "withdrawn" if line.is_bit_set else "standing"
        yield f"The status list says its badge is {said}, the register says the opposite."


def _is_object(badge: str) -> bool:
    try:
        read_document(badge)
    except InvalidCredential:
        return False
    return True


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
