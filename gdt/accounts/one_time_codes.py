"""One-time codes: those an app shows for half a minute (RFC 6238), and those kept for a bad day."""

import hmac
import secrets
from datetime import datetime

import pyotp

SECONDS = 30
TOLERATED = 1  # half minutes a phone's clock may be wrong
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
GROUPS, GROUP = 4, 4  # 16 signs of 5 bits: 80 bits
LOOK_ALIKES = str.maketrans("ILO", "110")


def new_secret() -> str:
    """160 random bits in base 32, as apps take them."""
    return pyotp.random_base32(32)


def app_address(secret: str, *, email: str) -> str:
    """What the QR symbol says: the secret, and under which name the app keeps it."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=email, issuer_name="GDT Network")


def step_of(code: str, secret: str, moment: datetime) -> int | None:
    """The half minute whose code this is, of those around the moment; None when it is of none."""
    digits = "".join(code.split())
    totp, now = pyotp.TOTP(secret, interval=SECONDS), int(moment.timestamp()) // SECONDS
    for step in range(now - TOLERATED, now + TOLERATED + 1):
        if hmac.compare_digest(totp.at(step * SECONDS).encode(), digits.encode()):
            return step
    return None


def new_recovery_code() -> str:
    """80 random bits as `7K3M-9QXA-…`."""
    signs = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(signs[i : i + GROUP]) for i in range(0, len(signs), GROUP))


def tidy_recovery_code(typed: str) -> str:
    """The code however it was typed: small letters, blanks, look-alikes."""
    signs = "".join(sign for sign in typed.upper().translate(LOOK_ALIKES) if sign in ALPHABET)
    return "-".join(signs[i : i + GROUP] for i in range(0, len(signs), GROUP))
