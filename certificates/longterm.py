"""What makes B-T into B-LT: certificates and revocation data, inside the one revision that is signed.

Such data is usually appended after signing. Here the chains are known before: that of our key, and that of
the time-stamp authority from the last token it gave. So the data stands in the document security store (ISO
32000-2 section 12.8.4.3) before the signature, and still nothing follows the last signed byte.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Protocol

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from certificates.keys import SigningKey
from certificates.pdffile import PdfFile, stream
from certificates.signing import SigningFailed

LONGEST_KEPT = timedelta(hours=6)


@dataclass(frozen=True, eq=False)
class ValidationData:
    """DER of everything a verifier needs with the network off, until somebody issues newer data.

    `bodies` are the stream objects of a PDF file: certificates, OCSP answers, CRLs.
    """

    certificates: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    fresh_until: datetime
    bodies: tuple[tuple[str, tuple[bytes, ...]], ...] = field(init=False)

    def __post_init__(self) -> None:
        kinds = (("Certs", self.certificates), ("OCSPs", self.ocsps), ("CRLs", self.crls))
        bodies = tuple((name, tuple(stream(der) for der in ders)) for name, ders in kinds if ders)
        object.__setattr__(self, "bodies", bodies)

    def place(self, file: PdfFile) -> str:
        """Add the document security store to a file; return the catalogue's entry for it."""
        lists = "".join(f"/{name}[{' '.join(map(file.add, bodies))}]" for name, bodies in self.bodies)
        return f"/DSS {file.add(f'<</Type/DSS{lists}>>'.encode())}"


class Stamps(Protocol):
    """Who knows the authority's certificates; certificates.timestamps.TimeStampAuthority does."""

    def certificates(self) -> Sequence[asn1_x509.Certificate]:
        """Return those of the last token, the authority's own first. Raises SigningFailed."""


class Gatherer:
    """Fetches CRLs and OCSP answers for both chains, and keeps them as long as they are fresh."""

    def __init__(
        self,
        key: SigningKey,
        stamps: Stamps,
        roots: Iterable[x509.Certificate],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._chain = [_parsed(entry) for entry in (key.certificate, *key.chain)]
        self._roots = [*map(_parsed, roots), *(c for c in self._chain if c.self_signed != "no")]
        self._stamps, self._clock, self._lock = stamps, clock, Lock()
        self._kept: ValidationData | None = None

    def current(self) -> ValidationData:
        """Return data that is fresh now, fetched over the network when what is kept is not.

        Raises SigningFailed when a chain does not end at a root, or says nothing of revocation.
        """
        with self._lock:
            if self._kept is None or self._clock() >= self._kept.fresh_until:
                self._kept = self._fetched(self._stamps.certificates())
            return self._kept

    def _fetched(self, stamping: Sequence[asn1_x509.Certificate]) -> ValidationData:
        now = self._clock()
        context = ValidationContext(
            trust_roots=self._roots,
            other_certs=[*self._chain, *stamping],
            allow_fetching=True,
            revocation_mode="require",
            moment=now,
        )
        with ThreadPoolExecutor(max_workers=1) as apart:  # asyncio needs a thread without an event loop
            paths = apart.submit(asyncio.run, _validated(context, (self._chain[0], stamping[0]))).result()
        certificates = {entry.dump() for path in paths for entry in path}
        crls, ocsps = [crl.dump() for crl in context.crls], [answer.dump() for answer in context.ocsps]
        ends = [*map(_end_of_crl, context.crls), *map(_end_of_answer, context.ocsps), now + LONGEST_KEPT]
        fresh_until = min(end for end in ends if end is not None)
        return ValidationData(tuple(sorted(certificates)), tuple(ocsps), tuple(crls), fresh_until)


async def _validated(context: ValidationContext, leaves: Iterable[asn1_x509.Certificate]) -> list[Any]:
    try:
        validators = [CertificateValidator(leaf, validation_context=context) for leaf in leaves]
        return [await validator.async_validate_path() for validator in validators]
    except (PathBuildingError, PathValidationError) as error:
        raise SigningFailed(f"Level B-LT needs revocation data: {error}") from error
    finally:
        await context.aclose()  # type: ignore[no-untyped-call]


def token_certificates(token: cms.ContentInfo) -> list[asn1_x509.Certificate]:
    """Return the certificates a time-stamp token brings, the authority's own first. Raises SigningFailed."""
    signed = token["content"]
    serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    brought = [entry.chosen for entry in signed["certificates"]]
    own = [entry for entry in brought if entry.serial_number == serial]
    if not own:
        raise SigningFailed("The time-stamp authority does not send its certificate.")
    return [*own, *(entry for entry in brought if entry is not own[0])]


def _parsed(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _end_of_crl(crl: Any) -> datetime | None:
    end: datetime | None = crl["tbs_cert_list"]["next_update"].native
    return end


def _end_of_answer(answer: Any) -> datetime | None:
    ends = [single["next_update"].native for single in answer.response_data["responses"]]
    return min((end for end in ends if end is not None), default=None)
