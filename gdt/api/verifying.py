"""The public check of certificates in the document: its doors are certification's, and need no token."""

from collections.abc import Iterable
from typing import Any, Final

from marshmallow import Schema, fields

ADDRESS: Final = "/api/v1/verify/<code>"


class AnswerShape(Schema):
    answer = fields.String(required=True)
    sentence = fields.String(required=True)


class AnswersToVerifyShape(Schema):
    """Four answers, never one: look at all of them."""

    unaltered = fields.Nested(AnswerShape, required=True)
    issued_by_us = fields.Nested(AnswerShape, required=True)
    in_its_dates = fields.Nested(AnswerShape, required=True)
    revoked_or_replaced = fields.Nested(AnswerShape, required=True)


class VerifiedShape(Schema):
    """What stands on the paper, and what is true of it today; docs/verify-api.md has the words."""

    version = fields.Integer(required=True)
    checked_at = fields.String(required=True)
    certificate = fields.Dict(keys=fields.String(), required=True)
    answers = fields.Nested(AnswersToVerifyShape, required=True)
    replaced_by = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    compared = fields.String(required=True, allow_none=True)
    file = fields.Dict(keys=fields.String(), required=True)


class NotVerifiedShape(Schema):
    error = fields.Integer(required=True)
    sentence = fields.String(required=True)
    version = fields.Integer()


def describe(spec: Any, doors: Iterable[Any]) -> None:
    """Add the two doors to the document; `doors` are all rules of the application."""
    told = {"200": _answer(VerifiedShape, "The four answers")} | {
        status: _answer(NotVerifiedShape, words)
        for status, words in {"404": "No such certificate", "429": "Too many tries"}.items()
    }
    file = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    comparing = told | {
        "413": _answer(NotVerifiedShape, "Too large"),
        "422": _answer(VerifiedShape, "The four answers; the file could not be compared"),
    }
    open_to_all = {"tags": ["api"], "security": []}
    spec.path(
        rule=next(rule for rule in doors if rule.rule == ADDRESS),
        operations={
            "get": {
                **open_to_all,
                "operationId": "verifyCertificate",
                "summary": "Verify a certificate by its code; no token is needed.",
                "responses": told,
            },
            "post": {
                **open_to_all,
                "operationId": "verifyFile",
                "summary": "Compare a file with the certificate of a code; no token is needed.",
                "requestBody": {"content": {"multipart/form-data": {"schema": file}}},
                "responses": comparing,
            },
        },
    )


def _answer(shape: type[Schema], words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": shape}}}
