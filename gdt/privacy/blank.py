"""What stands in the columns of a person once she was erased."""

from typing import Any, Final

from gdt.people.name_keys import name_key
from gdt.privacy.words import ERASED_NAME

BLANK: Final[dict[str, Any]] = {
    "printed_name": ERASED_NAME,
    "name_key": name_key(ERASED_NAME),
    "native_name": None,
    "email": None,
    "own_number": None,
}
FORGOTTEN_FACTS: Final = ("printed_name", "native_name")  # of a certificate; the others are about the course
