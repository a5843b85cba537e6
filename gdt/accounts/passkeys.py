"""Passkeys (WebAuthn): what a device is asked, and checking what it answers."""

import ipaddress
import json
import re
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from flask_babel import gettext as _
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from gdt import audit
from gdt.accounts import factor_queries as queries
from gdt.accounts.factor_models import Passkey
from gdt.accounts.factors import begin_to_protect
from gdt.accounts.models import User
from gdt.accounts.refusal_models import Refusal
from gdt.accounts.refusals import SignInRefused
from gdt.accounts.session_models import UserSession
from gdt.accounts.signing_in import tell_of_change
from gdt.database import db, now
from gdt.errors import DomainError

MOST = 10
BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")
REQUIRED = UserVerificationRequirement.REQUIRED


def can_have_passkeys() -> bool:
    """Whether our address has a host name: browsers make no passkey for a number such as 127.0.0.1."""
    try:
        ipaddress.ip_address(_host())
    except ValueError:
        return True
    return False


def registration_options(user: User) -> dict[str, object]:
    """What the page asks the device, to make a key for this user; holds a fresh challenge."""
    known = [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id))
        for passkey in queries.list_passkeys(user)
    ]
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name="GDT Network",
        user_id=_handle(user),
        user_name=user.email,
        user_display_name=user.name,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
        ),
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def sign_in_options() -> dict[str, object]:
    """What the page asks the device: any key it has for us, from whoever unlocks it."""
    options = webauthn.generate_authentication_options(rp_id=_host(), user_verification=REQUIRED)
    return dict(json.loads(webauthn.options_to_json(options)))


def add_passkey(*, user: User, name: str, answer: str, challenge: str, here: UserSession) -> list[str]:
    """Keep the key a device made. Returns new recovery codes, if these are the first."""
    if len(queries.list_passkeys(user)) >= MOST:
        raise DomainError(_("You have %(n)s passkeys. Take one away first.", n=MOST))
    try:
        checked = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise DomainError(_not_understood()) from None
    credential_id = bytes_to_base64url(checked.credential_id)
    if queries.find_passkey(credential_id) is not None:
        raise DomainError(_("This passkey is set up already."))
    db.session.add(
        Passkey(
            user_id=user.id,
            name=name,
            credential_id=credential_id,
            public_key=checked.credential_public_key,
            sign_count=checked.sign_count,
        )
    )
    sentence = _("Added the passkey %(name)s", name=name)
    audit.record(user, "added factor", user, sentence, institution_id=user.institution_id)
    tell_of_change(user, f"{sentence}.")
    return begin_to_protect(user, here)


def check_passkey(*, answer: str, challenge: str) -> User:
    """The user whose device answered. Raises DomainError for anything that is not one of our keys."""
    passkey = queries.find_passkey(_credential_id(answer))
    if passkey is None or not passkey.user.is_active:
        because = Refusal.SUSPENDED if passkey else Refusal.PASSKEY
        raise SignInRefused(_not_understood(), because, passkey.user if passkey else None)
    try:
        checked = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise SignInRefused(_not_understood(), Refusal.PASSKEY, passkey.user) from None
    passkey.sign_count, passkey.last_used_at = checked.new_sign_count, now()
    return passkey.user


def find_owner(answer: str) -> User | None:
    """Whose passkey an answer claims to come from, without believing it."""
    passkey = queries.find_passkey(_credential_id(answer))
    return passkey.user if passkey else None


def _credential_id(answer: str) -> str:
    """The key an answer names; nothing for what no device sends, which a database may not even take."""
    try:
        found = json.loads(answer)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return found if isinstance(found, str) and BASE64URL.fullmatch(found) else ""


def _handle(user: User) -> bytes:
    """What a device keeps beside the key: no name and no address, as the standard asks (section 5.4.3)."""
    return f"gdt-{user.id}".encode()


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or ""


def _origin() -> str:
    parts = urlsplit(current_app.config["BASE_URL"])
    return f"{parts.scheme}://{parts.netloc}"


def _not_understood() -> str:
    return str(_("This passkey was not accepted. Try it again, or use your password."))
