"""What a PDF that somebody hands in is: signed by which key, when, altered since or not, and what it carries.

pyHanko judges the signature; the whole-file rules that it leaves open are checked here.
"""

import hashlib
import io
import json
import string
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.attached import AttachedFile, attached_files, printable
from certificates.cms import is_canonical
from certificates.keys import common_name, is_development, key_id
from certificates.trees import check_form

SIZE_LIMIT = 16_000_000
"""Bytes of the largest file that is looked into."""

_UNPACKED_LIMIT = 64_000_000
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=_UNPACKED_LIMIT // 2),
    document_budget=DocumentDecodeBudget(base_allowance=_UNPACKED_LIMIT, max_ratio=0),
)
_USAGES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
_MOST_CERTIFICATES = 10


class Problem(StrEnum):
    """Why a file cannot be called unaltered."""

    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"
    UNSIGNED = "unsigned"
    SEVERAL_SIGNATURES = "several signatures"
    ALTERED = "altered"
    NOT_WHOLLY_SIGNED = "not wholly signed"
    BROKEN_ATTACHMENTS = "broken attachments"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What the one signature of a file says.

    key_id: see certificates.keys.key_id; signed_at: as the signer claims, in UTC; stamped_at: as a trusted
    time stamp proves; is_trusted: whether the chain reached one of the roots at `signed_at`, None when no
    root was given; permits_changes: False under DocMDP level 1 (ISO 32000-1 section 12.8.2.2).
    """

    is_intact: bool
    covers_whole_file: bool
    is_canonical: bool
    permits_changes: bool
    is_trusted: bool | None
    key_id: str
    signer: str
    is_development: bool
    signed_at: datetime | None
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True)
class PdfReport:
    """What is known of a file. `problem` is None for a file with one good signature over all its bytes.

    keywords: as its information dictionary claims; of ours the code.
    """

    sha256: str
    size: int
    problem: Problem | None = None
    detail: str = ""
    signature: SignatureReport | None = None
    attachments: tuple[AttachedFile, ...] = ()
    keywords: str = ""

    @property
    def is_unaltered(self) -> bool:
        """Whether every byte but the signature itself is as the signer left it.

        A signature leaves a few of its own bits open, unless it is canonical too.
        """
        return self.problem is None


def inspect_pdf(data: bytes, roots: Sequence[x509.Certificate] = ()) -> PdfReport:
    """Look into a PDF of up to 16 MB that unpacks to 64 MB at most. Never raises: see PdfReport.problem.

    roots: certificates that are trusted, such as the roots of all keys that were ever used; a chain is
    judged at the time the signature claims, so certificates that have run out since still count.
    """
    report = PdfReport(hashlib.sha256(data).hexdigest(), len(data))
    if len(data) > SIZE_LIMIT:
        return _with(report, Problem.TOO_LARGE, f"Files of up to {SIZE_LIMIT:,} bytes are looked into.")
    try:
        reader = PdfFileReader(io.BytesIO(data), decode_limits=_LIMITS)
        report = replace(report, keywords=_keywords(reader))
        check_form(reader)
        signatures = reader.embedded_signatures
    except Exception as error:  # whatever a hostile file provokes in the parser
        return _with(report, Problem.UNREADABLE, error)
    report = _judge(report, data, signatures, roots)
    try:
        return _with(report, report.problem, report.detail, attachments=attached_files(reader))
    except Exception as error:
        return _with(report, report.problem or Problem.BROKEN_ATTACHMENTS, report.detail or error)


def report_to_json(report: PdfReport) -> str:
    """Return the report as readable JSON; times are ISO 8601, attached files are named but left out."""
    facts = asdict(report) | {"is_unaltered": report.is_unaltered}
    facts["attachments"] = [_described(entry) for entry in report.attachments]
    return json.dumps(facts, ensure_ascii=False, indent=2, default=datetime.isoformat)


def _described(entry: AttachedFile) -> dict[str, Any]:
    facts = {"name": entry.name, "mime": entry.mime, "description": entry.description}
    return facts | {"relationship": entry.relationship, "size": len(entry.data), "sha256": entry.sha256}


def _keywords(reader: PdfFileReader) -> str:
    try:
        return printable(reader.trailer["/Info"]["/Keywords"])
    except (KeyError, TypeError):
        return ""


def _judge(
    report: PdfReport,
    data: bytes,
    signatures: Sequence[EmbeddedPdfSignature],
    roots: Sequence[x509.Certificate],
) -> PdfReport:
    if len(signatures) != 1:
        problem = Problem.SEVERAL_SIGNATURES if signatures else Problem.UNSIGNED
        return _with(report, problem, f"The file has {len(signatures)} signatures.")
    try:
        signature = _signature(data, signatures[0], roots)
    except Exception as error:  # whatever a hostile file provokes in the validator
        return _with(report, Problem.ALTERED, error)
    if signature.is_intact and signature.covers_whole_file:
        return _with(report, None, "", signature)
    if signature.is_intact:
        return _with(report, Problem.NOT_WHOLLY_SIGNED, "The signature leaves bytes out.", signature)
    return _with(report, Problem.ALTERED, "The signature does not fit the file.", signature)


def _signature(
    data: bytes, embedded: EmbeddedPdfSignature, roots: Sequence[x509.Certificate]
) -> SignatureReport:
    """Have pyHanko check digest, signature and chain; what was appended, if anything, it need not read."""
    if len(embedded.signed_data["certificates"]) > _MOST_CERTIFICATES:
        raise PdfReadError(f"The signature brings more than {_MOST_CERTIFICATES} certificates.")
    claimed = embedded.self_reported_timestamp
    moment = claimed.replace(tzinfo=claimed.tzinfo or UTC).astimezone(UTC) if claimed else None
    anchors = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    # With no root to judge by, the leaf vouches for itself: pyHanko then spares us a failed path.
    context = ValidationContext(
        trust_roots=anchors or [embedded.signer_cert], moment=moment or datetime.now(UTC)
    )
    judge = partial(validate_pdf_signature, key_usage_settings=_USAGES, skip_diff=True)
    with ThreadPoolExecutor(max_workers=1) as apart:  # pyHanko needs a thread without an event loop
        status = apart.submit(judge, embedded, context).result()
    leaf = x509.load_der_x509_certificate(embedded.signer_cert.dump())
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and _spans(data, embedded)
    return SignatureReport(
        is_intact=status.intact and status.valid,
        covers_whole_file=whole,
        is_canonical=is_canonical(embedded.pkcs7_content, leaf),
        permits_changes=embedded.docmdp_level != MDPPerm.NO_CHANGES,
        is_trusted=status.trusted if anchors else None,
        key_id=key_id(leaf),
        signer=common_name(leaf),
        is_development=is_development(leaf),
        signed_at=moment,
        stamped_at=_stamped(status),
    )


def _spans(data: bytes, embedded: EmbeddedPdfSignature) -> bool:
    """Tell whether all bytes are signed but one string of hexadecimal digits, the signature itself."""
    ranges = [int(value) for value in embedded.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or not data.startswith(b"%PDF-"):
        return False
    opening, closing = ranges[1], ranges[2]
    gap = data[opening:closing]
    return (
        0 < opening < closing == len(data) - ranges[3]
        and gap[:1] + gap[-1:] == b"<>"
        and not gap[1:-1].strip(string.hexdigits.encode())
        and gap in (gap.lower(), gap.upper())
        and bytes.fromhex(gap[1:-1].decode()) == embedded.pkcs7_content
    )


def _stamped(status: PdfSignatureStatus) -> datetime | None:
    stamp = status.timestamp_validity
    return stamp.timestamp if stamp and stamp.intact and stamp.valid and stamp.trusted else None


def _with(
    report: PdfReport,
    problem: Problem | None,
    detail: object,
    signature: SignatureReport | None = None,
    attachments: tuple[AttachedFile, ...] = (),
) -> PdfReport:
    said = printable(str(detail) or type(detail).__name__) if problem else ""
    kept = signature or report.signature
    return replace(report, problem=problem, detail=said, signature=kept, attachments=attachments)
