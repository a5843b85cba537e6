"""What has to be confirmed in one tick before a file is kept: the feature that asks says what."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.errors import DomainError
from gdt.imports.models import Upload


@dataclass(frozen=True)
class Declaration:
    """A sentence to tick, what it means, and where to read more."""

    sentence: str
    meaning: str
    link_words: str
    endpoint: str


Asks = Callable[[Upload], Declaration | None]
Keeps = Callable[[Viewer, Upload], None]
_asked: list[tuple[Asks, Keeps]] = []


def ask_before_keeping(asks: Asks, keeps: Keeps) -> None:
    """Register what is asked of a file, if anything, and what is written down once it was confirmed."""
    _asked.append((asks, keeps))


def declarations_of(upload: Upload) -> list[Declaration]:
    return [found for asks, _keeps in _asked if (found := asks(upload)) is not None]


def keep_declarations(*, actor: Viewer, upload: Upload, is_confirmed: bool) -> None:
    """Write down what was confirmed. Raises DomainError when something is asked and was not."""
    wanted = [keeps for asks, keeps in _asked if asks(upload) is not None]
    if wanted and not is_confirmed:
        raise DomainError(_("Confirm first that the people in the file were told about their data."))
    for keeps in wanted:
        keeps(actor, upload)
