"""Time stamps of an authority over signatures (RFC 3161), fetched with pyHanko: what makes B-B into B-T."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import cast

from asn1crypto import cms, x509
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

from certificates.longterm import token_certificates
from certificates.signing import SigningFailed

_PATIENCE = 10
_SLACK = 256
"""Bytes by which tokens of one authority may differ: serial number, fractions of a second."""


class TimeStampAuthority:
    """An authority that pyHanko reaches, such as HTTPTimeStamper("https://tsa.example.org", https=True)."""

    def __init__(self, client: TimeStamper) -> None:
        self._client = client
        self._last: cms.ContentInfo | None = None

    @classmethod
    def at(cls, url: str, user: str | None = None, password: str = "") -> "TimeStampAuthority":
        """Return the authority at an address; it has ten seconds for each answer. Raises ValueError."""
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url} is not the address of a time-stamp authority: it must be http or https.")
        auth = (user, password) if user else None
        return cls(HTTPTimeStamper(url, https=url.startswith("https:"), timeout=_PATIENCE, auth=auth))

    @cached_property
    def size_limit(self) -> int:
        """Bytes of the longest token, found out by asking for one once. Raises SigningFailed."""
        return len(self.token(b"")) + _SLACK

    def token(self, signature: bytes) -> bytes:
        """Return a token over SHA-256 of the signature in DER, asked for over the network.

        Raises SigningFailed when the authority cannot be reached, refuses, or answers for something else.
        """
        digest = hashlib.sha256(signature).digest()
        try:
            with ThreadPoolExecutor(max_workers=1) as apart:  # asyncio needs a thread without an event loop
                token = apart.submit(asyncio.run, self._client.async_timestamp(digest, "sha256")).result()
            stamped = _stamped_digest(token)
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise SigningFailed(f"The time-stamp authority gave no stamp: {error}.") from error
        if stamped != digest:
            raise SigningFailed("The time-stamp authority stamped something else.")
        self._last = token
        return bytes(token.dump())

    def certificates(self) -> list[x509.Certificate]:
        """Return the certificates of the last token, the authority's own first. Raises SigningFailed."""
        if self._last is None:
            self.token(b"")
        return token_certificates(cast("cms.ContentInfo", self._last))


def _stamped_digest(token: cms.ContentInfo) -> bytes:
    stamped = token["content"]["encap_content_info"]["content"].parsed
    return bytes(stamped["message_imprint"]["hashed_message"].native)
