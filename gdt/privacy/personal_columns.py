"""The register of personal data: every column about people, what for, how long, what erasing does."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Who(StrEnum):
    LEARNER = "Students and teachers"
    HOLDER = "Holders of certificates"
    USER = "People who sign in"
    CONTACT = "Contacts of partners"
    ANYONE = "Whoever a text mentions"


class Purpose(StrEnum):
    PROGRAMME = "To run the training: who learns and teaches what, where"
    CERTIFICATE = "To issue certificates, and to prove for years what was issued"
    REACH = "To reach the holder with the certificate, and to answer questions"
    ACCOUNT = "To let the right people in, and nobody else"
    ACCOUNT_OF_DEEDS = "To show who did what, and to undo mistakes"
    FIGURES = "To count who was reached, as totals without names"
    AGREEMENT = "To work with partner institutions"
    FORGETTING = "To know again who asked to be forgotten, so that no old file brings the person back"


class Basis(StrEnum):
    TASK = "Carrying out the training and the certificate the person takes part in (contract)"
    PROOF = "The holder's and employers' interest that a certificate can be checked (legitimate interest)"
    SAFETY = "Keeping the register safe and accountable (legitimate interest)"
    CONSENT = "The person's own choice, which can be taken back (consent)"


class Kept(StrEnum):
    """How long; `retention` holds the days of what goes by itself."""

    ACTIVE = "Ten years after the last record, then the office is asked; sooner on request"
    CHOICE = "Until it is taken back"
    UPLOADS = "A year after the file was dealt with"
    MAILS = "The words until the mail is sent, the address two years"
    SIGN_INS = "180 days"
    RESETS = "7 days"
    ACCOUNT = "As long as the account, and two years after it was closed"
    TRAIL = "As long as the register; the words about a person go with the person"
    AGREEMENT = "Ten years after the agreement ended"
    DUTY = "Two years after the duty ended, or sooner on request"
    MARKS = "Three years after the person was forgotten, or until the person wants to be here again"


class Erased(StrEnum):
    """What erasing a person of the register does to the column."""

    BLANKED = "Blanked"
    DELETED = "The row is deleted"
    SEARCHED = "Searched for name and address, which are taken out"
    REMOVED = "The file is removed from the store, or written anew without the person"
    KEPT = "Stays, without a name beside it, because totals count it"
    NOT_HERS = "Is about those who sign in or about partners"


@dataclass(frozen=True)
class Held:
    """Some columns of one table that serve one purpose."""

    table: str
    columns: tuple[str, ...]
    who: Who
    what: str
    purpose: Purpose
    basis: Basis
    kept: Kept
    erased: Erased


def _read(file: Path) -> Iterable[Held]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Held(
                row["table"],
                tuple(row["columns"].split()),
                Who[row["who"]],
                row["what"],
                Purpose[row["purpose"]],
                Basis[row["basis"]],
                Kept[row["kept"]],
                Erased[row["erased"]],
            )


REGISTER: Sequence[Held] = tuple(_read(Path(__file__).with_suffix(".csv")))


def searched_columns() -> dict[str, list[str]]:
    """The columns whose texts are searched for a person's words, by table."""
    return _by_table(held for held in REGISTER if held.erased is Erased.SEARCHED)


def registered_columns() -> dict[str, list[str]]:
    return _by_table(REGISTER)


def _by_table(entries: Iterable[Held]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for held in entries:
        found.setdefault(held.table, []).extend(held.columns)
    return found
