"""Heads: those that are kept and one that somebody saved, against the log as it stands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy

from certificates.badges import PublicKey
from certificates.log import Head, InvalidLog, read_head
from gdt.certification.badges import open_badges
from gdt.certification.log.models import LogHead
from gdt.filters import day

_NOTE = re.compile(r"^([^\s]+\n[0-9]+\n[A-Za-z0-9+/=]+\n[^\n]+\n\n— [^\n]+)$", re.MULTILINE)


@dataclass(frozen=True)
class SavedHead:
    """What a saved head says, if it can be trusted at all, and what is wrong with it."""

    head: Head | None
    sentences: tuple[str, ...]

    @property
    def problems(self) -> Iterator[str]:
        return iter(self.sentences)


class NoHead(ValueError):
    """The file holds no head of a log."""


def note_in(data: bytes) -> str:
    """The signed note out of a file as it was downloaded, or out of a mail as it was saved. Raises NoHead."""
    mail = message_from_bytes(data, policy=policy.default)
    body = mail.get_body(("plain",)) if mail.get("Subject") else None
    for text in (data.decode("utf-8", "replace"), body.get_content() if body else ""):
        quoted = re.sub(r"^(> ?)+", "", text.replace("\r\n", "\n"), flags=re.MULTILINE)
        found = _NOTE.search(quoted)
        if found:
            return found[1] + "\n"
    raise NoHead("The file holds no signed head of a log.")


def check_saved_head(note: str, kept: Sequence[LogHead]) -> SavedHead:
    """Whose a saved head is, and whether it is still among those we keep."""
    keys = open_badges.every_badge_key()
    try:
        head = read_head(note, keys)
    except InvalidLog:
        return SavedHead(None, (_not_ours(note, keys),))
    if note in {one.note for one in kept}:
        return SavedHead(head, ())
    gone = f"The saved head of {day(head.at)} over {head.size} entries is not among the heads we keep."
    return SavedHead(head, (gone,))


def _not_ours(note: str, keys: Iterable[PublicKey]) -> str:
    try:
        head = read_head(note, [replace(key, revoked_at=None) for key in keys])
    except InvalidLog:
        return "No key of ours signed the saved head: it is not ours, or it was changed."
    return f"The saved head of {day(head.at)} was signed with a key stolen by then: it proves nothing."


def check_heads(heads: Sequence[LogHead], roots: dict[int, bytes]) -> Iterator[str]:
    """Whether each kept head is signed, says what its row says, and fits the log as it stands."""
    keys = [replace(key, revoked_at=None) for key in open_badges.every_badge_key()]
    expected = 1
    for kept in heads:
        if kept.number != expected:
            yield f"A head before number {kept.number} is missing."
        expected = kept.number + 1
        name = f"Head {kept.number} of {day(kept.signed_on)}"
        yield from (f"{name} {what}" for what in _wrong(kept, keys, roots))


def _wrong(kept: LogHead, keys: Sequence[PublicKey], roots: dict[int, bytes]) -> Iterator[str]:
    try:
        head = read_head(kept.note, keys)
    except InvalidLog:
        yield "is not signed with a key of ours."
        return
    if (head.size, head.root.hex(), head.at) != (kept.size, kept.root, kept.signed_at):
        yield "is kept with other facts than it was signed."
    if roots.get(head.size) != head.root:
        yield f"was signed over {head.size} entries that are not those of the log now."
