"""The Bitstring Status List that says which badges are revoked (W3C Bitstring Status List 1.0)."""

import base64
import binascii
import gzip
import secrets
import zlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from certificates.badges.credentials import Issuer
from certificates.badges.keys import SigningKey, moment_text
from certificates.badges.proofs import sign_document
from certificates.badges.shapes import CONTEXTS, InvalidCredential, shape_of

SMALLEST = 131_072
LARGEST = 1 << 25
"""Bits: the least that hides whose badge is looked up (section 6.1), and 4 MiB as an upper bound."""


class StatusList:
    """A row of bits, one for each badge; the first is the highest bit of the first byte (section 2.2)."""

    __slots__ = ("bits",)

    def __init__(self, size: int = SMALLEST) -> None:
        """Make a list of `size` bits, none set. Raises ValueError for a size out of bounds."""
        if not SMALLEST <= size <= LARGEST or size % 8:
            raise ValueError(f"A status list has {SMALLEST} to {LARGEST} bits, in whole bytes; not {size}.")
        self.bits = bytearray(size // 8)

    def __len__(self) -> int:
        return len(self.bits) * 8

    def __getitem__(self, index: int) -> bool:
        """Tell whether the badge at an index is revoked. Raises IndexError outside the list."""
        place, bit = self._find(index)
        return bool(self.bits[place] & bit)

    def __setitem__(self, index: int, revoked: bool) -> None:
        place, bit = self._find(index)
        self.bits[place] = self.bits[place] | bit if revoked else self.bits[place] & ~bit

    def _find(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self):
            raise IndexError(f"There is no index {index} in a status list of {len(self)}.")
        return index // 8, 0x80 >> index % 8


def encode_status_list(status: StatusList) -> str:
    """Return u and the base64url of the gzipped bits; the same bits always give the same text."""
    packed = gzip.compress(bytes(status.bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_status_list(encoded: str) -> StatusList:
    """Read what encode_status_list writes. Raises ValueError, also when it unpacks to more than 4 MiB."""
    if encoded[:1] != "u" or len(encoded) > LARGEST // 4:
        raise ValueError("The status list is not u and base64url.")
    try:
        packed = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), b"-_", validate=True)
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        bits = unpacker.decompress(packed, LARGEST // 8 + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"The status list cannot be unpacked: {error}.") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("The status list is cut off, too long, or followed by something else.")
    status = StatusList(len(bits) * 8)
    status.bits[:] = bits
    return status


def choose_index(taken: Collection[int], size: int = SMALLEST) -> int:
    """Return a random index that is not taken, so that an index tells nothing about its badge.

    Raises ValueError when three quarters of the list are taken: time for the next list.
    """
    if len(taken) >= size * 3 // 4:
        raise ValueError("The status list is three quarters full; open the next one.")
    while (index := secrets.randbelow(size)) in taken:
        pass
    return index


def status_list_document(
    revoked: Iterable[int],
    *,
    url: str,
    issuer: Issuer,
    valid_from: datetime,
    valid_until: datetime,
    size: int = SMALLEST,
) -> dict[str, Any]:
    """Return the unsigned status list credential served at `url`. Raises ValueError."""
    status = StatusList(size)
    for index in revoked:
        status[index] = True
    return {
        "@context": list(CONTEXTS["BitstringStatusListCredential"]),
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": moment_text(valid_from),
        "validUntil": moment_text(valid_until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_status_list(status),
        },
    }


def sign_status_list(
    revoked: Iterable[int],
    key: SigningKey,
    *,
    url: str,
    issuer: Issuer,
    valid_from: datetime,
    valid_until: datetime,
    size: int = SMALLEST,
) -> dict[str, Any]:
    """Return the signed status list credential; it is created at `valid_from`. Raises ValueError."""
    unsigned = status_list_document(
        revoked, url=url, issuer=issuer, valid_from=valid_from, valid_until=valid_until, size=size
    )
    return sign_document(unsigned, key, valid_from)


def status_list_of(document: Mapping[str, Any]) -> StatusList:
    """Return the bits of a status list credential that was verified before. Raises ValueError."""
    _shape, contexts = shape_of(document)
    if contexts != CONTEXTS["BitstringStatusListCredential"]:
        raise InvalidCredential("This is a badge, not a status list.")
    return decode_status_list(document["credentialSubject"]["encodedList"])
