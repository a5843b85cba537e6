"""The CMS structure a PDF signature is kept in, worked out once per key so that a file changes two values."""

import hashlib

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.keys import SigningKey

_SEQUENCE, _SET, _OCTETS = 0x30, 0x31, 0x04
_FIRST, _SECOND = 0xA0, 0xA1
"""Context-specific, constructed tags [0] and [1] (X.690 section 8.14)."""

_SIGNED_DATA = bytes.fromhex("06092A864886F70D010702")
_VERSION_1 = bytes.fromhex("020101")
_UNKNOWN = b"\xaa" * 32
_LENGTHS = 128
"""More than the lengths of all enclosing structures can grow by, in bytes."""


class CmsPattern:
    """Detached SignedData (RFC 5652 section 5) of one key, for PAdES baseline signatures.

    Signed attributes: content type, message digest, signing certificate (RFC 5035), algorithm protection
    (RFC 6211). ETSI EN 319 142-1 keeps the time out of them: it stands in the PDF, where it is signed too.
    The certificates go along without the root, which a verifier brings.
    """

    def __init__(self, key: SigningKey) -> None:
        leaf, *issuers = (
            x509.Certificate.load(entry.public_bytes(Encoding.DER)) for entry in (key.certificate, *key.chain)
        )
        digest = algos.DigestAlgorithm({"algorithm": "sha256"})
        algorithm = cms.SignedDigestAlgorithm({"algorithm": "sha256_rsa" if key.is_rsa else "sha256_ecdsa"})
        attributes = _signed_attributes(leaf, digest, algorithm)
        self._before, self._after = attributes.split(_UNKNOWN)
        sent = b"".join(sorted(entry.dump() for entry in (leaf, *issuers) if entry.self_signed == "no"))
        content = core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()
        self._head = b"".join(
            (
                _VERSION_1,
                _wrap(_SET, digest.dump()),
                _wrap(_SEQUENCE, content),
                _wrap(_FIRST, sent or leaf.dump()),
            )
        )
        signer = cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number})
        self._signer, self._algorithm = _VERSION_1 + signer.dump() + digest.dump(), algorithm.dump()
        self.size_limit = len(self.fill(_UNKNOWN, bytes(key.signature_limit)))

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


def _signed_attributes(
    leaf: x509.Certificate, digest: algos.DigestAlgorithm, algorithm: cms.SignedDigestAlgorithm
) -> bytes:
    """Return the attributes in the order DER gives a SET OF, without tag and length."""
    issuer = {
        "issuer": [x509.GeneralName({"directory_name": leaf.issuer})],
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
