"""Keys that sign documents: loaded from PKCS#12 or PEM together with the certificates that vouch for them."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509.oid import NameOID

DEVELOPMENT_MARK = "not for production"
"""Stands in the subject of every self-made certificate."""

_SMALLEST_RSA, _LONGEST_CHAIN = 2048, 8
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class InvalidKey(ValueError):
    """The file holds no key that can sign documents; the sentence says why."""


class CertificateNotInForce(InvalidKey):
    """The signing certificate has expired, or is not valid yet, at the moment of signing."""


@dataclass(frozen=True, eq=False)
class SigningKey:
    """A private key (P-256, or RSA of 2,048 bits and more), its certificate, and the issuers' certificates.

    chain: the issuer's certificate first, the root, if known, last. Raises InvalidKey.
    """

    private_key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def __post_init__(self) -> None:
        private = self.private_key
        if isinstance(private, ec.EllipticCurvePrivateKey):
            if not isinstance(private.curve, ec.SECP256R1):
                raise InvalidKey(f"The key lies on {private.curve.name}; P-256 is what readers check.")
        elif not isinstance(private, rsa.RSAPrivateKey):
            raise InvalidKey("The key is neither P-256 nor RSA.")
        elif private.key_size < _SMALLEST_RSA:
            raise InvalidKey(f"The RSA key has {private.key_size} bits; {_SMALLEST_RSA} are the least.")
        if private.public_key() != self.certificate.public_key():
            raise InvalidKey("The certificate belongs to another key.")
        if not _may_sign(self.certificate):
            raise InvalidKey("The certificate's key usage allows neither signatures nor non-repudiation.")

    @cached_property
    def id(self) -> str:
        """The stable identifier of the key; see key_id."""
        return key_id(self.certificate)

    @property
    def is_development(self) -> bool:
        """Whether the key was made by make_development_key, which production must refuse."""
        return any(is_development(certificate) for certificate in (self.certificate, *self.chain))

    def check_in_force(self, moment: datetime) -> None:
        """Raise CertificateNotInForce unless the leaf is valid at `moment`, which needs a time zone."""
        first, last = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if moment < first:
            raise CertificateNotInForce(f"The signing certificate {self.id} is valid only from {first}.")
        if moment > last:
            raise CertificateNotInForce(f"The signing certificate {self.id} expired on {last}.")

    def sign(self, data: bytes) -> bytes:
        """Return the signature over SHA-256 of `data`, the same every time.

        RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2), or ECDSA with the nonce of RFC 6979, DER-encoded.
        """
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(data, padding.PKCS1v15(), SHA256())
        return self.private_key.sign(data, _ecdsa())


def key_id(certificate: x509.Certificate) -> str:
    """Return 16 hexadecimal digits: the front of SHA-256 over the SubjectPublicKeyInfo (RFC 5280 4.1.2.7).

    A certificate renewed for the same key keeps it.
    """
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()[:16]


def public_jwk(certificate: x509.Certificate) -> dict[str, str]:
    """Return the public key as JSON Web Key (RFC 7518 section 6), for a document of keys."""
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        return {"kty": "RSA", "n": _base64url(numbers.n), "e": _base64url(numbers.e)}
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise InvalidKey("The certificate holds a key that is neither P-256 nor RSA.")
    point = public.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _base64url(point.x, 32), "y": _base64url(point.y, 32)}


def _base64url(number: int, length: int | None = None) -> str:
    data = number.to_bytes(length or (number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def common_name(certificate: x509.Certificate) -> str:
    """Return whom the certificate names: the common name, or else the whole subject (RFC 4514)."""
    named = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(named[0].value) if named else certificate.subject.rfc4514_string()


def is_development(certificate: x509.Certificate) -> bool:
    """Tell whether subject or issuer carry the mark of self-made certificates."""
    names = (*certificate.subject, *certificate.issuer)
    return any(DEVELOPMENT_MARK in str(part.value) for part in names)


def load_signing_key(path: Path, password: bytes | None = None) -> SigningKey:
    """Read a PKCS#12 file, or a PEM file with the key and its certificates. Raises InvalidKey, OSError."""
    data = path.read_bytes()
    try:
        if b"-----BEGIN" in data:
            private = load_pem_private_key(data, password)
            return _assemble(private, x509.load_pem_x509_certificates(data))
        store = load_pkcs12(data, password)
        certificates = [entry.certificate for entry in (store.cert, *store.additional_certs) if entry]
        return _assemble(store.key, certificates)
    except InvalidKey:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InvalidKey(f"{path.name} cannot be opened as a signing key: {error}.") from error


@cache
def _ecdsa() -> ec.ECDSA:
    return ec.ECDSA(SHA256(), deterministic_signing=True)


def _assemble(private: object, certificates: list[x509.Certificate]) -> SigningKey:
    """Find the key's own certificate, then its issuers one by one; anything else is left out."""
    if not isinstance(private, PrivateKey):
        raise InvalidKey("The file holds no private key that is P-256 or RSA.")
    own = [entry for entry in certificates if entry.public_key() == private.public_key()]
    if not own:
        raise InvalidKey("The file holds no certificate of its key.")
    chain = [own[0]]
    while len(chain) < _LONGEST_CHAIN and (found := _issuer(chain[-1], certificates)):
        chain.append(found)
    return SigningKey(private, own[0], tuple(chain[1:]))


def _issuer(certificate: x509.Certificate, candidates: list[x509.Certificate]) -> x509.Certificate | None:
    if certificate.issuer == certificate.subject:
        return None
    for candidate in candidates:
        try:
            certificate.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return candidate
    return None


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment
