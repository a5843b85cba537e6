"""The `badge` and `verify` commands: a signed badge from a certificate's facts, and what a badge proves."""

import argparse
import json
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from certificates.badges.artwork import badge_png
from certificates.badges.baking import bake, unbake
from certificates.badges.credentials import Credential, Issuer, credential_for, hash_identity
from certificates.badges.keys import PublicKey, SigningKey, keys_of_did_document
from certificates.badges.proofs import Dates, read_document, sign_credential, verify_credential
from certificates.content import CertificateContent, content_from_json
from certificates.offline.verify import answers


def add_badge_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to a parser's commands; each parsed command carries its function as `run`."""
    badge = commands.add_parser("badge", help="sign the Open Badge of the certificate a JSON file describes")
    badge.add_argument("content", type=Path, metavar="CONTENT.json")
    badge.add_argument("key", type=Path, metavar="KEY.pem", help="an Ed25519 private key, not encrypted")
    badge.add_argument("out", type=Path, metavar="OUT.json|OUT.png")
    badge.add_argument("--email", help="the holder's address, kept only as a salted hash; else the name is")
    badge.add_argument("--issuer", help="a did:web id; that of the verify page's host when left out")
    badge.add_argument("--issuer-name", default="Alibaba Global Digital Talent")
    badge.set_defaults(run=write_badge)
    verify = commands.add_parser(
        "verify", help="say what a badge proves; with a bundle, what the register says of a badge or a PDF"
    )
    verify.add_argument(
        "file", type=Path, metavar="FILE", help="a badge (JSON, PNG); with a bundle a PDF too"
    )
    verify.add_argument("--keys", type=Path, metavar="did.json", help="the issuer's public keys")
    verify.add_argument("--bundle", type=Path, metavar="FOLDER", help="the register's bundle, unpacked")
    verify.set_defaults(run=verify_file)


def write_badge(options: argparse.Namespace) -> tuple[int, str]:
    """Write the signed badge; return 0 and what was written. Raises ValueError or OSError."""
    content = content_from_json(options.content.read_bytes())
    key = SigningKey.from_pem(options.key.read_bytes())
    signed = sign_credential(_credential(content, options), key, datetime.now(UTC))
    text = json.dumps(signed, ensure_ascii=False, indent=2) + "\n"
    if options.out.suffix.lower() == ".png":
        options.out.write_bytes(bake(badge_png(content.kind), text))
    else:
        options.out.write_text(text, encoding="utf-8")
    return 0, f"{options.out} is signed with {signed['proof']['verificationMethod']}"


def verify_file(options: argparse.Namespace) -> tuple[int, str]:
    """Return 0 when a file is all it should be, otherwise 1, and one line for each question.

    Raises ValueError or OSError when the file holds no badge, or keys or bundle cannot be read.
    """
    data = options.file.read_bytes()
    if options.bundle is not None:
        return _compare(data, options.bundle)
    if data.startswith(b"%PDF-"):
        raise ValueError("A PDF is compared with the register: give --bundle FOLDER, or use inspect.")
    return _verify_badge(data, options)


def _compare(data: bytes, folder: Path) -> tuple[int, str]:
    """Ask the script that is in the bundle, or rather our own copy of it."""
    try:
        found = list(answers(data, folder))
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"The file or the bundle is not complete: {error}.") from error
    lines = [f"{question}: {'yes' if answer else 'NO'}" for question, answer in found]
    return 0 if all(answer for _question, answer in found) else 1, "\n".join(lines)


def _verify_badge(data: bytes, options: argparse.Namespace) -> tuple[int, str]:
    document = read_document(unbake(data) if data.startswith(b"\x89PNG") else data)
    keys = keys_of_did_document(json.loads(options.keys.read_bytes())) if options.keys else {}
    verdict = verify_credential(document, keys)
    stolen = verdict.key is not None and verdict.key.revoked_at is not None
    good = verdict.is_ours and not stolen and verdict.dates is Dates.CURRENT
    return 0 if good else 1, "\n".join(
        [
            f"unaltered: {'yes' if verdict.unaltered else f'no. {verdict.problem}'}",
            f"issued with a known key: {_key(verdict.key, bool(keys))}",
            f"dates: {verdict.dates}",
            f"status: {_status(document) if verdict.unaltered else 'unknown'}",
        ]
    )


def _key(key: PublicKey | None, asked: bool) -> str:
    if key is None:
        return "no" if asked else "not checked, give --keys did.json"
    stolen = f", but stolen since {key.revoked_at}: see what the log shows" if key.revoked_at else ""
    return f"yes, {key.multikey}{stolen}"


def _status(document: dict[str, dict[str, str]]) -> str:
    entry = document.get("credentialStatus")
    return f"entry {entry['statusListIndex']} of {entry['statusListCredential']}" if entry else "none kept"


def _credential(content: CertificateContent, options: argparse.Namespace) -> Credential:
    page = urlsplit(content.verify_url)
    site = f"{page.scheme}://{page.netloc}"
    did = options.issuer or "did:web:" + page.netloc.replace(":", "%3A")
    salt = secrets.token_urlsafe(16)
    holder = (options.email, salt) if options.email else (content.printed_name, salt, "name")
    return credential_for(
        content,
        id=content.verify_url,
        issuer=Issuer(id=did, name=options.issuer_name, url=site),
        recipient=hash_identity(*holder),
        achievement_id=f"{site}/achievements/{content.kind}/{'-'.join(_words(content.achievement))}",
    )


def _words(text: str) -> Iterator[str]:
    """Yield the ASCII words of a text in lower case, or its code points where it has none."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    yield from found or (f"{ord(letter):x}" for letter in text)
