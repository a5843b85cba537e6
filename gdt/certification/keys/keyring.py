"""Which keys sign: those the register says are in use, whatever this process began with.

Changing to a new key is one transaction. Every process sees it the next time it issues, signs a head or a
status list, and takes the key from the disk then; none has to be restarted.
"""

from flask_babel import gettext as _

from gdt.certification.keys import queries, signing_keys
from gdt.certification.models import KeyKind
from gdt.errors import DomainError


def refresh() -> None:
    """Sign with the keys in use from now on. Under the log's row, that holds to the end of the transaction.

    Raises DomainError when there is none in use, or its file is not on this machine.
    """
    known = queries.list_keys()
    wanted = []
    for fact in signing_keys.current().facts:
        mine = [key for key in known if key.kind is fact.kind]
        in_use = next((key.name for key in mine if key.is_in_use), None)
        if mine and in_use is None:
            raise DomainError(_none_in_use(fact.kind))
        wanted.append(in_use or fact.name)
    if tuple(wanted) != signing_keys.current().names:
        signing_keys.use(wanted)


def _none_in_use(kind: KeyKind) -> str:
    what = _("certificates") if kind is KeyKind.SIGNATURE else _("badges and the log")
    sentence: str = _(
        "No key for %(what)s is in use: the last one was declared stolen. Nothing was issued. "
        "Let two administrators begin the next one.",
        what=what,
    )
    return sentence
