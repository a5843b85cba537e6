"""The CMS structure a PDF signature is kept in, worked out once per key so that a file changes two values."""

import hashlib
from collections.abc import Sequence

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

_SEQUENCE, _SET, _OCTETS = 0x30, 0x31, 0x04
_FIRST, _SECOND = 0xA0, 0xA1
"""Context-specific, constructed tags [0] and [1] (X.690 section 8.14)."""

_SIGNED_DATA = bytes.fromhex("06092A864886F70D010702")
_VERSION_1 = bytes.fromhex("020101")
_P256_SIGNATURE = 72
"""Bytes of the longest DER-encoded ECDSA signature on P-256; most are one or two shorter."""

_UNKNOWN = b"\xaa" * 32
_LENGTHS = 128
"""More than the lengths of all enclosing structures can grow by, in bytes."""


class CmsPattern:
    """Detached SignedData (RFC 5652 section 5) of one key, for PAdES baseline signatures.

    certificate: of a P-256 or RSA key; chain: its issuers, which go along but for the root.
    Signed attributes: content type, message digest, signing certificate (RFC 5035), algorithm protection
    (RFC 6211). ETSI EN 319 142-1 keeps the time out of them: it stands in the PDF, where it is signed too.
    """

    def __init__(self, certificate: x509.Certificate, chain: Sequence[x509.Certificate] = ()) -> None:
        public = certificate.public_key()
        leaf, *issuers = (
            asn1_x509.Certificate.load(entry.public_bytes(Encoding.DER)) for entry in (certificate, *chain)
        )
        digest = algos.DigestAlgorithm({"algorithm": "sha256"})
        kind, limit = ("sha256_ecdsa", _P256_SIGNATURE)
        if isinstance(public, rsa.RSAPublicKey):
            kind, limit = ("sha256_rsa", public.key_size // 8)
        algorithm = cms.SignedDigestAlgorithm({"algorithm": kind})
        attributes = _signed_attributes(leaf, digest, algorithm)
        self._before, self._after = attributes.split(_UNKNOWN)
        sent = [leaf.dump(), *(entry.dump() for entry in issuers if entry.self_signed == "no")]
        content = core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()
        self._head = b"".join(
            (
                _VERSION_1,
                _wrap(_SET, digest.dump()),
                _wrap(_SEQUENCE, content),
                _wrap(_FIRST, b"".join(sorted(sent))),
            )
        )
        signer = cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number})
        self._signer, self._algorithm = _VERSION_1 + signer.dump() + digest.dump(), algorithm.dump()
        self.size_limit = len(self.fill(_UNKNOWN, bytes(limit)))

    def to_be_signed(self, digest: bytes) -> bytes:
        """Return what the key signs for a file with this SHA-256: the attributes as a SET (RFC 5652 5.4)."""
        return _wrap(_SET, self._before + digest + self._after)

    def fill(self, digest: bytes, signature: bytes, time_stamp: bytes | None = None) -> bytes:
        """Return the finished ContentInfo in DER; `time_stamp` is a token over the signature (RFC 3161)."""
        parts = [self._signer, _wrap(_FIRST, self._before + digest + self._after), self._algorithm]
        parts.append(_wrap(_OCTETS, signature))
        if time_stamp is not None:
            kind = cms.CMSAttributeType("signature_time_stamp_token").dump()
            parts.append(_wrap(_SECOND, _wrap(_SEQUENCE, kind + _wrap(_SET, time_stamp))))
        signers = _wrap(_SET, _wrap(_SEQUENCE, b"".join(parts)))
        return _wrap(_SEQUENCE, _SIGNED_DATA + _wrap(_FIRST, _wrap(_SEQUENCE, self._head + signers)))

    def room(self, time_stamp: int = 0) -> int:
        """Return the bytes to keep free for one signature, with a time stamp of up to so many bytes."""
        return self.size_limit + (time_stamp + _LENGTHS if time_stamp else 0)


def is_canonical(content: bytes, certificate: x509.Certificate) -> bool:
    """Tell whether a ContentInfo, with zeros after it, is to the byte what CmsPattern writes.

    Then none of its bits is free: all are signed, or fixed, or part of a certificate or a time stamp.
    """
    try:
        expected = _rewritten(cms.ContentInfo.load(content)["content"], certificate)
    except (ValueError, TypeError, LookupError, AttributeError):
        return False  # not even the parts are there
    return content.startswith(expected) and not content[len(expected) :].strip(b"\0")


def _rewritten(signed: cms.SignedData, certificate: x509.Certificate) -> bytes:
    (signer,) = signed["signer_infos"]
    brought = [x509.load_der_x509_certificate(entry.chosen.dump()) for entry in signed["certificates"]]
    values = {entry["type"].native: entry["values"][0] for entry in signer["signed_attrs"]}
    stamps = [entry["values"][0].dump() for entry in signer["unsigned_attrs"] or ()]
    pattern = CmsPattern(certificate, [entry for entry in brought if entry != certificate])
    digest, signature = values["message_digest"].native, signer["signature"].native
    return pattern.fill(digest, signature, stamps[0] if stamps else None)


def _signed_attributes(
    leaf: asn1_x509.Certificate, digest: algos.DigestAlgorithm, algorithm: cms.SignedDigestAlgorithm
) -> bytes:
    """Return the attributes in the order DER gives a SET OF, without tag and length."""
    issuer = {
        "issuer": [asn1_x509.GeneralName({"directory_name": leaf.issuer})],
        "serial_number": leaf.serial_number,
    }
    reference = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(leaf.dump()).digest(), "issuer_serial": issuer})
    values = {
        "content_type": "data",
        "message_digest": _UNKNOWN,
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [reference]}),
        "cms_algorithm_protection": cms.CMSAlgorithmProtection(
            {"digest_algorithm": digest, "signature_algorithm": algorithm}
        ),
    }
    attributes = [
        cms.CMSAttribute({"type": name, "values": [value]}).dump() for name, value in values.items()
    ]
    return b"".join(sorted(attributes))


def _wrap(tag: int, content: bytes) -> bytes:
    """Return tag, length and content in DER (X.690 section 8.1)."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
