"""Signatures laid out while a PDF is first written: a certification signature, PAdES B-B, B-T or B-LT.

Follows ISO 32000-1 section 12.8 and ETSI EN 319 142-1. Nothing is appended to a file afterwards.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from certificates.cms import CmsPattern
from certificates.keys import SigningKey, common_name
from certificates.pdffile import PdfFile, text_string

_RANGE = len("[0 1234567890 1234567890 1234567890]")
_CATALOGUE = (
    "/AcroForm<</Fields[{field}]/SigFlags 3>>/Perms<</DocMDP {value}>>"
    "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>"
)
_NO_CHANGES = (
    "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
)


class SigningFailed(RuntimeError):
    """No signature could be made: time stamp or revocation data is missing, or longer than the room kept."""


class TimeStamps(Protocol):
    """Somebody who says when a signature existed; certificates.timestamps asks an authority."""

    @property
    def size_limit(self) -> int:
        """Bytes of the longest token."""

    def token(self, signature: bytes) -> bytes:
        """Return a time-stamp token over the signature in DER (RFC 3161). Raises SigningFailed."""


class LongTermData(Protocol):
    """What a document security store holds; certificates.longterm gathers it."""

    def place(self, file: PdfFile) -> str:
        """Add it to a file; return the catalogue's entry for it."""


class LongTermSource(Protocol):
    def current(self) -> LongTermData:
        """Return data that is fresh now. Raises SigningFailed."""


@dataclass(frozen=True, eq=False)
class Signer:
    """A key with what a signature panel shows of it; share one between all files and threads.

    With `time_stamps` a file is signed at level B-T and no longer reproducible to the byte; with `long_term`
    too, at level B-LT: it brings what proves its chains later.
    """

    key: SigningKey
    reason: str = "Issued and certified"
    location: str = ""
    time_stamps: TimeStamps | None = None
    long_term: LongTermSource | None = None
    pattern: CmsPattern = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", CmsPattern(self.key.certificate, self.key.chain))

    def sign(self, digest: bytes) -> bytes:
        """Return the CMS signature for a file with this SHA-256. Raises SigningFailed."""
        signature = self.key.sign(self.pattern.to_be_signed(digest))
        stamp = self.time_stamps.token(signature) if self.time_stamps else None
        return self.pattern.fill(digest, signature, stamp)

    @property
    def room(self) -> int:
        """Bytes to keep free in a file for one signature."""
        return self.pattern.room(self.time_stamps.size_limit if self.time_stamps else 0)


@dataclass(frozen=True)
class SignaturePlace:
    """Where a file in the making keeps room for its signature, and what page and catalogue say of it."""

    signer: Signer
    start: int
    page_entries: str
    catalogue_entries: str

    def fill(self, file: bytes) -> bytes:
        """Return the finished file with its signature, which covers all bytes but its own.

        Raises SigningFailed.
        """
        opening = file.index(b"/Contents<", self.start) + len(b"/Contents")
        closing = file.index(b">", opening) + 1
        signed = bytearray(file)
        at = file.index(b"/ByteRange", self.start) + len(b"/ByteRange")
        covered = f"[0 {opening} {closing} {len(file) - closing}]".ljust(_RANGE)
        signed[at : at + _RANGE] = covered.encode()
        digest = hashlib.sha256(memoryview(signed)[:opening])
        digest.update(memoryview(signed)[closing:])
        cms = self.signer.sign(digest.digest()).hex().encode()
        if len(cms) > closing - opening - 2:
            raise SigningFailed("The signature is longer than the room kept for it.")
        signed[opening + 1 : opening + 1 + len(cms)] = cms
        return bytes(signed)


def place_signature(file: PdfFile, signer: Signer, signed_at: datetime) -> SignaturePlace:
    """Add an invisible signature field; the sheet it belongs to must be the next object added.

    Raises CertificateNotInForce, SigningFailed, and ValueError for a moment without a time zone.
    """
    if signed_at.tzinfo is None:
        raise ValueError("signed_at needs a time zone.")
    signer.key.check_in_force(signed_at)
    store = signer.long_term.current().place(file) if signer.long_term else ""
    start = file.length
    value, widget, sheet = file.next_references(3)
    file.add(_dictionary(signer, signed_at.astimezone(UTC)), packed=False)
    file.add(
        f"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/Rect[0 0 0 0]/P {sheet}/V {value}>>".encode()
    )
    catalogue = _CATALOGUE.format(field=widget, value=value)
    return SignaturePlace(signer, start, f"/Annots[{widget}]", catalogue + store)


def _dictionary(signer: Signer, moment: datetime) -> bytes:
    """Return the signature dictionary (ISO 32000-1 table 252) with room for range and contents."""
    said = {"Name": common_name(signer.key.certificate), "Reason": signer.reason, "Location": signer.location}
    shown = "".join(f"/{name}{text_string(text)}" for name, text in said.items() if text)
    return (
        f"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:{moment:%Y%m%d%H%M%S}Z){shown}"
        f"{_NO_CHANGES}/ByteRange{' ' * _RANGE}/Contents<{'0' * 2 * signer.room}>>>"
    ).encode()
