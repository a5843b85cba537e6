"""OpenID Connect with an institution's provider: the code flow with PKCE, and checking what it says.

Standards: OpenID Connect Core 1.0 (sections 3.1.2 and 3.1.3.7), Discovery 1.0, RFC 7636.
"""

import json
import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app
from flask_babel import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gdt.accounts.sealing import seal, unseal
from gdt.accounts.service_models import SignInService
from gdt.errors import DomainError

PURPOSE, ERRAND = "sign-in service", "sign-in errand"
SECONDS_TO_ANSWER = 5
MINUTES_AWAY = 10
PLAIN = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")  # what every database takes
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Errand:
    """What a browser carries while it is away at the provider."""

    code: str
    state: str
    nonce: str
    verifier: str

    def sealed(self) -> str:
        return seal(json.dumps(asdict(self)), purpose=ERRAND)

    @classmethod
    def unsealed(cls, sealed: str) -> "Errand":
        """Read it again. Raises DomainError when it is not ours, or was away for too long."""
        return cls(**json.loads(unseal(sealed, purpose=ERRAND, max_age=MINUTES_AWAY * 60)))


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for: by its own unchanging name for her, and her verified address."""

    code: str
    issuer: str
    subject: str
    email: str


class Disbelieved(DomainError):
    """What came back from a provider is not believed; `email` is whom it named, if it came as far as that."""

    def __init__(self, message: str, email: str = "") -> None:
        super().__init__(message)
        self.email = email


def redirect_address() -> str:
    """Where providers send people back to, from the configured address alone."""
    return f"{current_app.config['BASE_URL']}/sign-in/callback"


def look_up(service: SignInService) -> dict[str, Any]:
    """The provider's own description. Raises DomainError when it does not answer, or is another's."""
    address = f"{service.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _fetch(address)
    if found.get("issuer") != service.issuer:
        raise DomainError(_("The provider calls itself by another address than the one set up here."))
    missing = [name for name in ENDPOINTS if not isinstance(found.get(name), str)]
    if missing:
        raise DomainError(_("The provider's description lacks %(what)s.", what=", ".join(missing)))
    for name in ENDPOINTS:
        require_safe(found[name])
    return found


def leave_for(service: SignInService) -> tuple[str, Errand]:
    """The address to send a browser to, and what it has to bring back."""
    errand = Errand(service.institution.code, *(secrets.token_urlsafe(32) for _n in range(3)))
    described = look_up(service)
    address, _state = _client(service, described).create_authorization_url(
        described["authorization_endpoint"],
        state=errand.state,
        nonce=errand.nonce,
        code_verifier=errand.verifier,
    )
    return str(address), errand


def come_back(service: SignInService, errand: Errand, *, code: str, state: str) -> Vouched:
    """Whom the provider vouches for. Raises Disbelieved for every doubt, DomainError while it is silent."""
    if not secrets.compare_digest(state.encode(), errand.state.encode()):
        raise Disbelieved(_("This answer belongs to another sign-in. Begin anew."))
    described = look_up(service)
    try:
        tokens = _client(service, described).fetch_token(
            described["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=errand.verifier,
            timeout=SECONDS_TO_ANSWER,
        )
        keys = KeySet.import_key_set(_fetch(described["jwks_uri"]))  # type: ignore[arg-type]
        claims = jwt.decode(tokens["id_token"], keys, algorithms=ALGORITHMS).claims
        _claims_of(service, errand).validate(claims)
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError) as error:
        current_app.logger.warning("A sign-in service was not believed: %s", type(error).__name__)
        raise Disbelieved(_("What your institution answered could not be checked. Begin anew.")) from None
    return _vouched(service, claims)


def _claims_of(service: SignInService, errand: Errand) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": service.issuer},
        aud={"essential": True, "value": service.client_id},
        nonce={"essential": True, "value": errand.nonce},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )


def _vouched(service: SignInService, claims: dict[str, Any]) -> Vouched:
    """The address counts only when it was verified, and is of the domain the institution may speak for."""
    email, subject = str(claims.get("email", "")).strip().lower(), str(claims["sub"])[:255]
    if not (PLAIN.fullmatch(subject) and PLAIN.fullmatch(email)):
        raise Disbelieved(_("What your institution answered could not be checked. Begin anew."))
    if claims.get("azp", service.client_id) != service.client_id:
        raise Disbelieved(_("This answer was made for someone else."), email)
    if claims.get("email_verified") is not True or email.rpartition("@")[2] != service.mail_domain:
        message = _(
            "Your institution did not confirm an address that ends in @%(domain)s.",
            domain=service.mail_domain,
        )
        raise Disbelieved(message, email)
    return Vouched(service.institution.code, service.issuer, subject, email)


def _client(service: SignInService, described: dict[str, Any]) -> OAuth2Session:
    known = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
    return OAuth2Session(
        service.client_id,
        unseal(service.sealed_secret, purpose=PURPOSE),
        redirect_uri=redirect_address(),
        scope="openid email",
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
    )


def _fetch(address: str) -> dict[str, Any]:
    require_safe(address)
    try:
        answer = requests.get(address, timeout=SECONDS_TO_ANSWER, allow_redirects=False)
        found = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError):
        found = None
    if not isinstance(found, dict):
        raise DomainError(_("Your institution's sign-in does not answer. Try again later."))
    return found


def require_safe(address: str) -> None:
    """In production nothing about a sign-in travels in the clear."""
    if current_app.config["PRODUCTION"] and urlsplit(address).scheme != "https":
        raise DomainError(_("The provider's address begins with https://."), field="issuer")
