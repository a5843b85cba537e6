"""How much a signature proves: B-B, with a time stamp B-T, with all that proves the chains later B-LT."""

from pathlib import Path
from typing import Any

from cryptography import x509

from certificates import Signer
from certificates import SigningKey as DocumentKey
from certificates.longterm import Gatherer
from certificates.timestamps import TimeStampAuthority

LEVELS = ("B-B", "B-T", "B-LT")


def signer_for(config: Any, key: DocumentKey) -> Signer:
    """The signer at the level that is set. Raises ValueError naming the setting that is wrong, OSError."""
    level, url = config["SIGNATURE_LEVEL"], config["TIMESTAMP_URL"]
    if level not in LEVELS:
        message = f"GDT_SIGNATURE_LEVEL must be one of {', '.join(LEVELS)}, not {level}."
        raise ValueError(message)
    if level == "B-B":
        return Signer(key)
    if not url:
        message = f"Level {level} needs GDT_TIMESTAMP_URL, the address of a time-stamp authority."
        raise ValueError(message)
    stamps = TimeStampAuthority.at(url, config["TIMESTAMP_USER"], _password(config))
    if level == "B-T":
        return Signer(key, time_stamps=stamps)
    return Signer(key, time_stamps=stamps, long_term=Gatherer(key, stamps, _roots(config)))


def _password(config: Any) -> str:
    path = config["TIMESTAMP_PASSWORD_FILE"]
    return Path(path).read_text().rstrip("\r\n") if path else ""


def _roots(config: Any) -> list[x509.Certificate]:
    path = config["VALIDATION_ROOTS"]
    if not path:
        message = "Level B-LT needs GDT_VALIDATION_ROOTS: a PEM file with the root of the time stamps."
        raise ValueError(message)
    return x509.load_pem_x509_certificates(Path(path).read_bytes())
