"""The four answers about a certificate, and what a file somebody hands in is beside the issued one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from flask_babel import format_date
from flask_babel import gettext as _

from gdt.certification.badges import BadgeFinding, badge_in_picture, compare_badge
from gdt.certification.models import Certificate

LARGEST_FILE = 2 * 1024 * 1024
_PDF_STARTS_WITHIN = 1024  # readers forgive that much in front of a PDF, so it is named an altered one
_PNG = b"\x89PNG\r\n\x1a\n"


class FileFinding(StrEnum):
    """What the file is. Only whole files are compared; nothing inside a PDF is believed."""

    AS_ISSUED = "as issued"
    ALTERED_PDF = "altered PDF"
    ALTERED_BADGE = "altered badge"
    ANOTHER_BADGE = "another badge"
    STRANGE_BADGE = "strange badge"
    NO_BADGE = "issued without a badge"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    TOO_LARGE = "too large"

    @property
    def is_refused(self) -> bool:
        """Whether there was nothing to compare."""
        return self in {self.UNREADABLE, self.MISSING, self.TOO_LARGE}

    @property
    def is_foreign(self) -> bool:
        """Whether it was compared and is not what we issued."""
        return not self.is_refused and self not in {self.AS_ISSUED, self.NO_BADGE}


@dataclass(frozen=True)
class Answer:
    """One question, its answer as a word with a shape, and the sentence that says more."""

    question: str
    kind: str
    word: str
    sentence: str


_OF_BADGES = {
    BadgeFinding.AS_ISSUED: FileFinding.AS_ISSUED,
    BadgeFinding.ALTERED: FileFinding.ALTERED_BADGE,
    BadgeFinding.ANOTHER: FileFinding.ANOTHER_BADGE,
    BadgeFinding.STRANGE: FileFinding.STRANGE_BADGE,
    BadgeFinding.UNREADABLE: FileFinding.UNREADABLE,
}


def compare_file(certificate: Certificate, data: bytes) -> FileFinding:
    """Compare a PDF by its whole-file hash, a badge by its signature and content. Never raises."""
    if not data:
        return FileFinding.MISSING
    if len(data) > LARGEST_FILE:
        return FileFinding.TOO_LARGE
    if sha256(data).hexdigest() == certificate.file_sha256:
        return FileFinding.AS_ISSUED
    if b"%PDF-" in data[:_PDF_STARTS_WITHIN]:
        return FileFinding.ALTERED_PDF
    return _compare_badge(certificate, badge_in_picture(data) if data.startswith(_PNG) else data)


def _compare_badge(certificate: Certificate, badge: bytes | str | None) -> FileFinding:
    if badge is None:
        return FileFinding.UNREADABLE
    if certificate.proof is None:
        return FileFinding.NO_BADGE
    return _OF_BADGES[compare_badge(certificate.proof.badge, badge)]


def answers(certificate: Certificate, day: date, finding: FileFinding | None) -> list[Answer]:
    """Four separate answers; none of them stands for another."""
    return [
        _unaltered(finding),
        _issued(certificate, finding),
        _in_its_dates(certificate, day),
        _withdrawn(certificate),
    ]


def _unaltered(finding: FileFinding | None) -> Answer:
    question = _("Is the file unaltered?")
    if finding is None:
        return Answer(question, "neutral", _("Not asked"), _("Choose the file below, and we compare it."))
    if finding is FileFinding.AS_ISSUED:
        return Answer(question, "ok", _("Yes"), _("It is exactly what we issued."))
    if finding.is_refused or finding is FileFinding.NO_BADGE:
        return Answer(question, "neutral", _("Not known"), _file_sentence(finding))
    if finding in {FileFinding.STRANGE_BADGE, FileFinding.ANOTHER_BADGE}:
        return Answer(question, "neutral", _("Not of this certificate"), _file_sentence(finding))
    return Answer(question, "problem", _("No"), _file_sentence(finding))


def _file_sentence(finding: FileFinding) -> str:
    sentences: dict[FileFinding, str] = {
        FileFinding.ALTERED_PDF: _(
            "This PDF is not the one we issued: somebody changed it, or a program saved it anew. "
            "Ask for the original file."
        ),
        FileFinding.ALTERED_BADGE: _(
            "This badge was changed after it was signed. Ask for the original file."
        ),
        FileFinding.ANOTHER_BADGE: _("Nothing was changed in it, but it belongs to another certificate."),
        FileFinding.STRANGE_BADGE: _("Nothing was changed in it, but somebody else signed it, not we."),
        FileFinding.NO_BADGE: _("This certificate was issued without a badge. Choose its PDF instead."),
        FileFinding.UNREADABLE: _(
            "This is not a PDF, a badge in JSON or a picture with a badge in it. Choose another file."
        ),
        FileFinding.MISSING: _("Choose a file first; it may not be empty."),
        FileFinding.TOO_LARGE: _(
            "The file is larger than any that we issue (2 MB), so it is not one of ours."
        ),
    }
    return sentences[finding]


def _issued(certificate: Certificate, finding: FileFinding | None) -> Answer:
    question = _("Did we issue it?")
    day = format_date(certificate.issued_on, "d MMM yyyy")
    if finding is FileFinding.AS_ISSUED:
        return Answer(question, "ok", _("Yes"), _("We issued this very file on %(day)s.", day=day))
    if finding is None or not finding.is_foreign:
        said = _("We issued the certificate with this code on %(day)s; it says what stands below.", day=day)
        return Answer(question, "ok", _("Yes"), said)
    said = _("We issued a certificate with this code on %(day)s, but not this file.", day=day)
    return Answer(question, "problem", _("Not this file"), said)


def _in_its_dates(certificate: Certificate, day: date) -> Answer:
    question, end = _("Is it in its dates?"), certificate.valid_until
    if end is None:
        return Answer(question, "ok", _("Yes"), _("It has no last day."))
    last = format_date(end, "d MMM yyyy")
    if end < day:
        return Answer(question, "attention", _("No"), _("Its term ended on %(day)s.", day=last))
    return Answer(question, "ok", _("Yes"), _("Its last day is %(day)s.", day=last))


def _withdrawn(certificate: Certificate) -> Answer:
    question = _("Was it revoked or replaced?")
    if certificate.revoked_at is not None:
        day = format_date(certificate.revoked_at.date(), "d MMM yyyy")
        said = _("We revoked it on %(day)s: %(reason)s", day=day, reason=certificate.revoked_reason)
        if certificate.replaced_by is not None:
            number = certificate.replaced_by.number
            said += " " + _("A new one was issued since, %(number)s. Ask the holder for that.", number=number)
        return Answer(question, "problem", _("Revoked"), said)
    if certificate.replaced_by is not None:
        said = _(
            "A corrected one took its place, %(number)s. Ask the holder for that one.",
            number=certificate.replaced_by.number,
        )
        return Answer(question, "neutral", _("Replaced"), said)
    return Answer(question, "ok", _("No"), _("It stands in our record today."))
