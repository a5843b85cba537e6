"""A self-made root and signing key for development, marked so that production can refuse them."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from certificates.keys import DEVELOPMENT_MARK, InvalidKey, SigningKey, load_signing_key

KEY_FILE, ROOT_FILE = "development-key.p12", "development-root.pem"
_YEARS = timedelta(days=3652)
_SIGNS = (True, True) + (False,) * 7
_ISSUES = (True,) + (False,) * 4 + (True, True, False, False)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def make_development_key(folder: Path) -> SigningKey:
    """Return the development key kept in `folder`, made on first use; valid for ten years.

    Writes development-key.p12 (no password, readable by its owner alone) and development-root.pem.
    Two processes that start at once end up with the same key. Raises InvalidKey, OSError.
    """
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        keep_first(path, _new_key(datetime.now(UTC)))
    key = load_signing_key(path)
    if not key.is_development:
        raise InvalidKey(f"{path} holds a key that was not made for development.")
    (folder / ROOT_FILE).write_bytes(key.chain[-1].public_bytes(Encoding.PEM))
    return key


def keep_first(path: Path, data: bytes) -> None:
    """Put a finished file in its place unless another process was first."""
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    try:
        draft.write_bytes(data)
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _new_key(now: datetime) -> bytes:
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name(f"GDT Network development root \u2013 {DEVELOPMENT_MARK}")
    leaf_name = _name(f"GDT Network development \u2013 {DEVELOPMENT_MARK}")
    root = _certificate(root_name, root_key.public_key(), root_name, root_key, now, _ISSUES)
    leaf = _certificate(leaf_name, leaf_key.public_key(), root_name, root_key, now, _SIGNS)
    return serialize_key_and_certificates(b"GDT Network", leaf_key, leaf, [root], NoEncryption())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    usages: tuple[bool, ...],
) -> x509.Certificate:
    """Return an X.509 version 3 certificate (RFC 5280 section 4), valid from a day ago."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=usages is _ISSUES, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**dict(zip(_USAGES, usages, strict=True))), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, SHA256())
    )
