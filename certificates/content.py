"""What a certificate says: the facts as frozen values, checked on the way in, and their JSON form."""

import dataclasses
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

NAME_LIMIT, TEXT_LIMIT, URL_LIMIT = 120, 200, 120
MOST_SIGNATORIES, MOST_MODULES = 4, 12

_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_CODE = re.compile(r"[0-9A-Z]+([-. ][0-9A-Z]+)*")
_URL = re.compile(r"https?://[!-~]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class InvalidContent(ValueError):
    """The facts cannot stand on a certificate; the sentence names the field."""


class Kind(StrEnum):
    TEACHER = "teacher"
    STUDENT = "student"
    AWARD = "award"
    PARTNER = "partner"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModuleLine:
    """A module of the course with its hours, 1 to 2,000."""

    title: str
    hours: int

    def __post_init__(self) -> None:
        _clean(self, "title", TEXT_LIMIT)
        if type(self.hours) is not int or not 1 <= self.hours <= 2000:
            raise InvalidContent(
                f"hours of a module must be a whole number from 1 to 2000, not {self.hours!r}."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Signatory:
    """Somebody who signs, with the office they hold."""

    name: str
    title: str

    def __post_init__(self) -> None:
        _clean(self, "name", NAME_LIMIT)
        _clean(self, "title", TEXT_LIMIT)


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateContent:
    """Every fact printed on one certificate. Text is kept as Unicode NFC; names are never re-cased.

    code: grouped, as people read it; verify_url: what the QR symbol holds; language: BCP 47, what stands
    beside English; logo: the SHA-256 of the institution's logo (see certificates.logos), in hexadecimal.
    Raises InvalidContent.
    """

    kind: Kind
    number: str
    code: str
    verify_url: str
    printed_name: str
    native_name: str | None = None
    institution: str
    institution_native: str | None = None
    country: str
    achievement: str
    modules: tuple[ModuleLine, ...] = ()
    held_from: date | None = None
    held_to: date | None = None
    mode: str | None = None
    place: str | None = None
    issued_on: date
    valid_until: date | None = None
    signatories: tuple[Signatory, ...] = ()
    language: str = "en"
    logo: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.kind, Kind):
            raise InvalidContent(f"kind must be one of {', '.join(Kind)}, not {self.kind!r}.")
        for field in ("printed_name", "native_name"):
            _clean(self, field, NAME_LIMIT, optional=field == "native_name")
        for field in ("number", "institution", "country", "achievement"):
            _clean(self, field, TEXT_LIMIT)
        for field in ("institution_native", "mode", "place"):
            _clean(self, field, TEXT_LIMIT, optional=True)
        _match(self, "code", _CODE, 60, "groups of capital letters and digits")
        _match(self, "verify_url", _URL, URL_LIMIT, "an http or https address in ASCII")
        _match(self, "language", _LANGUAGE, 35, "a BCP 47 tag such as en or pt-BR")
        if self.logo is not None:
            _match(self, "logo", _SHA256, 64, "a SHA-256 in hexadecimal")
        _check_dates(self)
        _check_tuple(self, "modules", ModuleLine, MOST_MODULES)
        _check_tuple(self, "signatories", Signatory, MOST_SIGNATORIES)


def content_to_json(content: CertificateContent) -> str:
    """Return the content as readable JSON; dates are ISO 8601, absent facts are left out."""
    facts = {name: value for name, value in dataclasses.asdict(content).items() if value not in (None, ())}
    return json.dumps(facts, ensure_ascii=False, indent=2, default=date.isoformat)


def content_from_json(text: str | bytes) -> CertificateContent:
    """Read what content_to_json writes. Unknown and missing keys are refused. Raises InvalidContent."""
    try:
        facts = json.loads(text, object_pairs_hook=_unique)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidContent(f"This is not JSON: {error}.") from error
    return content_from_facts(facts)


def content_from_facts(facts: Any) -> CertificateContent:
    """Read the object that content_to_json writes, when it was parsed already. Raises InvalidContent."""
    facts = _keys(facts, CertificateContent, "the certificate")
    if facts["kind"] not in list(Kind):
        raise InvalidContent(f"kind must be one of {', '.join(Kind)}, not {facts['kind']!r}.")
    facts["kind"] = Kind(facts["kind"])
    for field in ("held_from", "held_to", "issued_on", "valid_until"):
        facts[field] = _date(facts.get(field), field)
    for field, cls in (("modules", ModuleLine), ("signatories", Signatory)):
        rows = facts.get(field, [])
        if not isinstance(rows, list):
            raise InvalidContent(f"{field} must be a list.")
        facts[field] = tuple(cls(**_keys(row, cls, field)) for row in rows)
    return CertificateContent(**facts)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidContent("A key stands twice in one JSON object.")
    return found


def _keys(found: Any, cls: type[Any], what: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise InvalidContent(f"{what} must be a JSON object, not {type(found).__name__}.")
    fields = dataclasses.fields(cls)
    unknown = sorted(set(found) - {field.name for field in fields})
    if unknown:
        raise InvalidContent(f"{unknown[0]} is not a fact of {what}.")
    required = [field.name for field in fields if field.default is dataclasses.MISSING]
    missing = [name for name in required if name not in found]
    if missing:
        raise InvalidContent(f"{missing[0]} is missing in {what}.")
    return dict(found)


def _date(value: Any, field: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidContent(f"{field} must be a date such as 2026-11-21, not {value!r}.") from error


def _clean(record: Any, field: str, limit: int, optional: bool = False) -> None:
    value = getattr(record, field)
    if value is None and optional:
        return
    if not isinstance(value, str) or not value.strip():
        raise InvalidContent(f"{field} must be text and not empty.")
    if _FORBIDDEN.search(value):
        raise InvalidContent(f"{field} holds a control character, which cannot be printed.")
    if value != value.strip():
        raise InvalidContent(f"{field} begins or ends with a space.")
    if len(value) > limit:
        raise InvalidContent(f"{field} has {len(value)} characters; {limit} fit.")
    if not unicodedata.is_normalized("NFC", value):
        object.__setattr__(record, field, unicodedata.normalize("NFC", value))


def _match(record: Any, field: str, pattern: re.Pattern[str], limit: int, wanted: str) -> None:
    value = getattr(record, field)
    if not isinstance(value, str) or len(value) > limit or not pattern.fullmatch(value):
        raise InvalidContent(f"{field} must be {wanted}, at most {limit} characters, not {value!r}.")


def _check_dates(content: CertificateContent) -> None:
    for field in ("held_from", "held_to", "issued_on", "valid_until"):
        value = getattr(content, field)
        if type(value) is not date and (value is not None or field == "issued_on"):
            raise InvalidContent(f"{field} must be a date, not {value!r}.")
    if content.held_to and (content.held_from is None or content.held_to < content.held_from):
        raise InvalidContent("held_to lies before held_from, or held_from is missing.")
    if content.valid_until and content.valid_until < content.issued_on:
        raise InvalidContent("valid_until lies before issued_on.")


def _check_tuple(content: CertificateContent, field: str, cls: type, most: int) -> None:
    value = getattr(content, field)
    if not isinstance(value, tuple) or not all(type(item) is cls for item in value):
        raise InvalidContent(f"{field} must be a tuple of {cls.__name__}.")
    if len(value) > most:
        raise InvalidContent(f"{field} has {len(value)} entries; {most} fit.")
