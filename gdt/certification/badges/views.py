"""What machines and holders fetch: our public keys, the badge as JSON, the badge in its picture."""

import json

from flask import Response, abort
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.certification import queries
from gdt.certification.addresses import GUESSES, file_answer
from gdt.certification.badges import open_badges
from gdt.certification.badges.open_badges import BADGE_TYPE
from gdt.certification.blueprint import certification
from gdt.certification.codes import MistypedCode, parse_code
from gdt.certification.models import CertificateProof
from gdt.errors import RecordNotFound
from gdt.security import throttle_wrong


@certification.get("/.well-known/did.json")
@public
def published_keys() -> ResponseReturnValue:
    response = Response(json.dumps(open_badges.published_keys(), indent=2), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@certification.get("/verify/<code>/badge.json")
@public
@throttle_wrong(GUESSES, of="codes")
def badge_file(code: str) -> ResponseReturnValue:
    proof = _proof_here(code)
    return file_answer(proof.badge.encode(), BADGE_TYPE, f"{proof.certificate.number} badge.json")


@certification.get("/verify/<code>/badge.png")
@public
@throttle_wrong(GUESSES, of="codes")
def badge_picture(code: str) -> ResponseReturnValue:
    proof = _proof_here(code)
    picture = open_badges.baked_picture(proof.badge, proof.certificate.kind.value)
    return file_answer(picture, "image/png", f"{proof.certificate.number} badge.png")


def _proof_here(code: str) -> CertificateProof:
    try:
        certificate = queries.find_by_code(parse_code(code))
    except MistypedCode:
        abort(404)
    if certificate is None or certificate.proof is None or certificate.is_forgotten:
        raise RecordNotFound
    return certificate.proof
