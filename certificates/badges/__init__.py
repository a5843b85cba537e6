"""Open Badges 3.0: building, signing and verifying badges, their status list, their picture."""

from certificates.badges.baking import InvalidPicture, bake, unbake
from certificates.badges.credentials import (
    Achievement,
    Credential,
    HashedIdentity,
    Issuer,
    StatusEntry,
    credential_document,
    credential_for,
    hash_identity,
)
from certificates.badges.keys import (
    FileKey,
    InvalidKey,
    PublicKey,
    SigningKey,
    did_document,
    keys_of_did_document,
)
from certificates.badges.linkedin import linkedin_url
from certificates.badges.proofs import (
    Dates,
    Verdict,
    badge_digest,
    read_document,
    sign_credential,
    sign_document,
    sign_with_digest,
    verify_credential,
)
from certificates.badges.shapes import InvalidCredential
from certificates.badges.statuslist import (
    StatusList,
    choose_index,
    decode_status_list,
    encode_status_list,
    sign_status_list,
    status_list_of,
)
from certificates.badges.vocabulary import UnknownContext, load_context

__all__ = [
    "Achievement",
    "Credential",
    "Dates",
    "FileKey",
    "HashedIdentity",
    "InvalidCredential",
    "InvalidKey",
    "InvalidPicture",
    "Issuer",
    "PublicKey",
    "SigningKey",
    "StatusEntry",
    "StatusList",
    "UnknownContext",
    "Verdict",
    "badge_digest",
    "bake",
    "choose_index",
    "credential_document",
    "credential_for",
    "decode_status_list",
    "did_document",
    "encode_status_list",
    "hash_identity",
    "keys_of_did_document",
    "linkedin_url",
    "load_context",
    "read_document",
    "sign_credential",
    "sign_document",
    "sign_status_list",
    "sign_with_digest",
    "status_list_of",
    "unbake",
    "verify_credential",
]
