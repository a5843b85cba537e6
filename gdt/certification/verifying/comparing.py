"""The four answers about a certificate, and what a file somebody hands in is beside the issued one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _

from gdt.certification.badges.open_badges import BadgeFinding, baked_picture, compare_badge, is_readable
from gdt.certification.models import Certificate
from gdt.certification.verifying.handed_in import LARGEST_FILE as LARGEST_FILE
from gdt.certification.verifying.handed_in import FileForm, HandedIn, find_certificate
from gdt.certification.verifying.trust import distrusted_from


class FileFinding(StrEnum):
    """What the file is. Only whole files are compared; nothing inside a PDF is believed."""

    AS_ISSUED = "as issued"
    ALTERED_PDF = "altered PDF"
    RESIGNED_PDF = "PDF signed by somebody else"
    ANOTHER_PDF = "PDF of another certificate"
    STRANGE_PDF = "PDF of somebody else"
    ALTERED_BADGE = "altered badge"
    ANOTHER_BADGE = "another badge"
    STRANGE_BADGE = "strange badge"
    STRAY_BADGE = "badge of nothing we issued"
    FORGED = "signed with a key of ours, never issued"
    ALTERED_PICTURE = "badge in another picture"
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
        return not self.is_refused and self not in {self.AS_ISSUED, self.NO_BADGE, self.ALTERED_PICTURE}

    @property
    def sentence(self) -> str:
        """What it is, and what to do about it."""
        return str(_SENTENCES[self])

    @property
    def is_of_another(self) -> bool:
        """Whether it was perhaps never altered, but does not belong to the certificate it was laid beside."""
        return self in {self.ANOTHER_PDF, self.STRANGE_PDF, self.ANOTHER_BADGE, self.STRANGE_BADGE}


@dataclass(frozen=True)
class Answer:
    """One question, its answer as a word with a shape, and the sentence that says more.

    `topic` and `verdict` are the same in a language that machines read.
    """

    topic: str
    question: str
    verdict: str
    kind: str
    word: str
    sentence: str


_OF_BADGES = {
    BadgeFinding.AS_ISSUED: FileFinding.AS_ISSUED,
    BadgeFinding.ALTERED: FileFinding.ALTERED_BADGE,
    BadgeFinding.ANOTHER: FileFinding.ANOTHER_BADGE,
    BadgeFinding.FORGED: FileFinding.FORGED,
    BadgeFinding.STRANGE: FileFinding.STRANGE_BADGE,
    BadgeFinding.UNREADABLE: FileFinding.UNREADABLE,
}


def compare_file(certificate: Certificate, data: bytes) -> FileFinding:
    """Compare a PDF by its whole-file hash, a badge by its signature and content. Never raises."""
    file = HandedIn(data)
    if not data:
        return FileFinding.MISSING
    if file.is_too_large:
        return FileFinding.TOO_LARGE
    if file.sha256 == certificate.file_sha256:
        return FileFinding.AS_ISSUED
    return _compare_pdf(file) if file.form is FileForm.PDF else _compare_badge(certificate, file)


def _compare_pdf(file: HandedIn) -> FileFinding:
    """Not the issued one: whose it is, as far as hash, codes and signature tell."""
    found = find_certificate(file)
    if found is not None and found.file_sha256 == file.sha256:
        return FileFinding.ANOTHER_PDF
    if file.is_signed_whole_by_us:
        return FileFinding.FORGED
    is_of_ours = found is not None or file.is_signed_by_us or file.is_torn
    if not is_of_ours:
        return FileFinding.STRANGE_PDF
    is_resigned = file.pdf.signature is not None and not file.is_signed_by_us
    return FileFinding.RESIGNED_PDF if is_resigned else FileFinding.ALTERED_PDF


def _compare_badge(certificate: Certificate, file: HandedIn) -> FileFinding:
    if file.badge is None:
        return FileFinding.UNREADABLE
    if certificate.proof is None or not certificate.proof.badge:
        return FileFinding.NO_BADGE
    finding = _OF_BADGES[compare_badge(certificate.proof.badge, file.badge)]
    if finding is FileFinding.AS_ISSUED and file.form is FileForm.PICTURE:
        given_out = baked_picture(certificate.proof.badge, certificate.kind.value)
        return finding if file.data == given_out else FileFinding.ALTERED_PICTURE
    return finding


def judge_stray_file(data: bytes) -> FileFinding:
    """What a file is that leads to no certificate of ours. Never raises."""
    file = HandedIn(data)
    if not data:
        return FileFinding.MISSING
    if file.is_too_large:
        return FileFinding.TOO_LARGE
    if file.form is FileForm.PDF:
        return FileFinding.FORGED if file.is_signed_whole_by_us else FileFinding.STRANGE_PDF
    is_badge = file.badge is not None and is_readable(file.badge)
    return FileFinding.STRAY_BADGE if is_badge else FileFinding.UNREADABLE


def answers(certificate: Certificate, day: date, finding: FileFinding | None) -> list[Answer]:
    """Four separate answers; none of them stands for another."""
    return [
        _unaltered(finding),
        _issued(certificate, finding),
        _in_its_dates(certificate, day),
        _withdrawn(certificate),
    ]


def _unaltered(finding: FileFinding | None) -> Answer:
    if finding is None:
        said = _("A code alone cannot tell. Compare what you hold with what we printed, or choose the file.")
        verdict, kind, word = "not asked", "neutral", _("Compare it")
    else:
        said = finding.sentence
        verdict, kind, word = _UNALTERED.get(finding, _NOT_ITS_OWN if finding.is_of_another else _ALTERED)
    return Answer("unaltered", _("Is it unaltered?"), verdict, kind, str(word), said)


_ALTERED = ("no", "problem", lazy_gettext("No"))
_NOT_ITS_OWN = ("not of this certificate", "problem", lazy_gettext("Not of this certificate"))
_NOT_KNOWN = ("not known", "neutral", lazy_gettext("Not known"))
_UNALTERED = {
    FileFinding.AS_ISSUED: ("yes", "ok", lazy_gettext("Yes")),
    FileFinding.ALTERED_PICTURE: ("only its badge", "attention", lazy_gettext("Only its badge")),
    FileFinding.NO_BADGE: _NOT_KNOWN,
    FileFinding.UNREADABLE: _NOT_KNOWN,
    FileFinding.MISSING: _NOT_KNOWN,
    FileFinding.TOO_LARGE: _NOT_KNOWN,
}
_SENTENCES = {
    FileFinding.AS_ISSUED: lazy_gettext("It is exactly what we issued."),
    FileFinding.ALTERED_PDF: lazy_gettext(
        "This PDF is not the one we issued: somebody changed it, or a program saved it anew. "
        "Ask for the original file."
    ),
    FileFinding.RESIGNED_PDF: lazy_gettext(
        "This PDF carries a code of ours, but somebody else signed it, not we. Ask for the original file."
    ),
    FileFinding.ANOTHER_PDF: lazy_gettext(
        "This PDF is one we issued, and nothing was changed in it, but it is another certificate."
    ),
    FileFinding.STRANGE_PDF: lazy_gettext(
        "This PDF is not one of ours: it has no signature and no code of ours in it. If it looks like ours, "
        "somebody made it anew. Ask for the original file."
    ),
    FileFinding.FORGED: lazy_gettext(
        "It is signed with a key of ours, but our log does not have it: we never issued it. "
        "Somebody who got hold of the key made it."
    ),
    FileFinding.ALTERED_BADGE: lazy_gettext(
        "This badge was changed after it was signed. Ask for the original file."
    ),
    FileFinding.ANOTHER_BADGE: lazy_gettext(
        "Nothing was changed in it, but it belongs to another certificate."
    ),
    FileFinding.STRANGE_BADGE: lazy_gettext(
        "Nothing was changed in it, but somebody else signed it, not we."
    ),
    FileFinding.STRAY_BADGE: lazy_gettext(
        "This badge is not one of ours: nothing in it leads to a certificate that we issued."
    ),
    FileFinding.ALTERED_PICTURE: lazy_gettext(
        "The badge inside is exactly what we issued. The picture around it is not: it proves nothing."
    ),
    FileFinding.NO_BADGE: lazy_gettext(
        "This certificate was issued without a badge. Choose its PDF instead."
    ),
    FileFinding.UNREADABLE: lazy_gettext(
        "This is not a PDF, a badge in JSON or a picture with a badge in it. Choose another file."
    ),
    FileFinding.MISSING: lazy_gettext("Choose a file first; it may not be empty."),
    FileFinding.TOO_LARGE: lazy_gettext(
        "The file is larger than any that we issue (2 MB), so it is not one of ours."
    ),
}


def _issued(certificate: Certificate, finding: FileFinding | None) -> Answer:
    topic, question = "issued_by_us", _("Did we issue it?")
    day = format_date(certificate.issued_on, "d MMM yyyy")
    stolen = distrusted_from(certificate)
    if stolen is not None and (finding is None or not finding.is_foreign):
        return Answer(topic, question, "not certain", "problem", _("Not certain"), _distrusted(stolen))
    if finding is FileFinding.AS_ISSUED:
        return Answer(
            topic, question, "yes", "ok", _("Yes"), _("We issued this very file on %(day)s.", day=day)
        )
    if finding is None or not finding.is_foreign:
        said = _("We issued the certificate with this code on %(day)s; it says what stands below.", day=day)
        return Answer(topic, question, "yes", "ok", _("Yes"), said)
    said = _("We issued a certificate with this code on %(day)s, but not this file.", day=day)
    return Answer(topic, question, "not this file", "problem", _("Not this file"), said)


def _distrusted(stolen: date) -> str:
    sentence: str = _(
        "It was signed with a key that counts as stolen from %(day)s on, and entered our log after that day. "
        "We cannot tell it from a forgery: ask us for a new one.",
        day=format_date(stolen, "d MMM yyyy"),
    )
    return sentence


def _in_its_dates(certificate: Certificate, day: date) -> Answer:
    topic, question, end = "in_its_dates", _("Is it in its dates?"), certificate.valid_until
    if end is None:
        return Answer(topic, question, "yes", "ok", _("Yes"), _("It has no last day."))
    last = format_date(end, "d MMM yyyy")
    if end < day:
        return Answer(topic, question, "no", "attention", _("No"), _("Its term ended on %(day)s.", day=last))
    return Answer(topic, question, "yes", "ok", _("Yes"), _("Its last day is %(day)s.", day=last))


def _withdrawn(certificate: Certificate) -> Answer:
    topic, question = "revoked_or_replaced", _("Was it revoked or replaced?")
    if certificate.revoked_at is not None:
        day = format_date(certificate.revoked_at.date(), "d MMM yyyy")
        said = _("We revoked it on %(day)s: %(reason)s", day=day, reason=certificate.revoked_reason)
        if certificate.replaced_by is not None:
            number = certificate.replaced_by.number
            said += " " + _("A new one was issued since, %(number)s. Ask the holder for that.", number=number)
        return Answer(topic, question, "revoked", "problem", _("Revoked"), said)
    if certificate.replaced_by is not None:
        said = _(
            "A corrected one took its place, %(number)s. Ask the holder for that one.",
            number=certificate.replaced_by.number,
        )
        return Answer(topic, question, "replaced", "attention", _("Replaced"), said)
    return Answer(topic, question, "no", "ok", _("No"), _("It stands in our record today."))
