"""What a file somebody hands in says it is: its form, its hash, and the codes in it, which nobody believes.

The codes only say which certificate to lay beside the file.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from certificates.inspection import PdfReport, Problem, inspect_pdf
from gdt.certification import queries
from gdt.certification.badges.open_badges import BADGE_FILE, badge_in_picture, claimed_address
from gdt.certification.codes import MistypedCode, parse_code
from gdt.certification.keys import queries as key_queries
from gdt.certification.models import Certificate

LARGEST_FILE = 2 * 1024 * 1024
_PDF_STARTS_WITHIN = 1024  # readers forgive that much in front of a PDF, so it is named an altered one
_PNG = b"\x89PNG\r\n\x1a\n"


class FileForm(StrEnum):
    PDF = "PDF"
    PICTURE = "picture"
    BADGE = "badge"


@dataclass(frozen=True)
class HandedIn:
    """The bytes of a file; what else is known of it is found out when it is asked for."""

    data: bytes

    @cached_property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def is_too_large(self) -> bool:
        return len(self.data) > LARGEST_FILE

    @cached_property
    def form(self) -> FileForm:
        if b"%PDF-" in self.data[:_PDF_STARTS_WITHIN]:
            return FileForm.PDF
        return FileForm.PICTURE if self.data.startswith(_PNG) else FileForm.BADGE

    @cached_property
    def badge(self) -> bytes | str | None:
        """The badge that the file is or, as a picture, holds; None when there is none to read."""
        return badge_in_picture(self.data) if self.form is FileForm.PICTURE else self.data

    @cached_property
    def pdf(self) -> PdfReport:
        return inspect_pdf(self.data)

    @cached_property
    def codes(self) -> list[str]:
        """The codes the file carries, the likeliest first."""
        claims = self._claims_of_pdf() if self.form is FileForm.PDF else self._claims_of_badge()
        return list(dict.fromkeys(code for claim in claims if (code := _code_in(claim))))

    @property
    def is_torn(self) -> bool:
        """Whether it is a PDF that cannot be read; whose it was nobody can say."""
        return self.pdf.problem is Problem.UNREADABLE

    @property
    def is_signed_by_us(self) -> bool:
        """Whether the key that signed the PDF, well or not, is one we ever used."""
        if self.pdf.signature is None:
            return False
        return self.pdf.signature.key_id in {key.name for key in key_queries.list_keys()}

    @property
    def is_signed_whole_by_us(self) -> bool:
        """Whether a key of ours signed the PDF and nothing was changed in it since."""
        signature = self.pdf.signature
        if signature is None or self.pdf.problem is not None:
            return False
        is_whole = signature.is_intact and signature.covers_whole_file and signature.is_canonical
        return is_whole and self.is_signed_by_us

    def _claims_of_pdf(self) -> list[str]:
        badges = [file.data for file in self.pdf.attachments if file.name == BADGE_FILE]
        return [self.pdf.keywords, *(claimed_address(badge) for badge in badges)]

    def _claims_of_badge(self) -> list[str]:
        return [claimed_address(self.badge)] if self.badge else []


def find_certificate(file: HandedIn) -> Certificate | None:
    """The certificate a file is, by its hash, or claims to be, by the first code in it that we gave out."""
    found = queries.find_by_file(file.sha256)
    if found is not None or file.is_too_large:
        return found
    return next((record for code in file.codes if (record := queries.find_by_code(code))), None)


def _code_in(claim: str) -> str | None:
    try:
        return parse_code(claim.removesuffix("/badge.json"))
    except MistypedCode:
        return None
