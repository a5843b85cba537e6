"""Status lists as anyone fetches them: signed, with a last day, and never older than what happened."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from certificates.badges import Issuer, sign_status_list
from certificates.press import AUTHOR
from gdt.certification.badges import queries
from gdt.certification.badges.models import StatusList
from gdt.certification.keys import keyring, signing_keys
from gdt.database import now

GOOD_FOR = timedelta(days=1)  # until then a verifier may rely on a copy
SIGNED_ANEW_AFTER = timedelta(hours=1)
FRESH_SECONDS = 300  # how long a cache on the way may answer: the promised delay of a revocation


@dataclass(frozen=True)
class _Signed:
    revision: int
    key: str
    made_at: datetime
    text: str


_signed: dict[str, _Signed] = {}


def published_list(number: int) -> str:
    """The signed list with this number as JSON. A copy is kept in the process until a bit changes.

    Raises RecordNotFound.
    """
    keyring.refresh()
    status_list, key = queries.get_status_list(number), signing_keys.current().badge.multikey
    kept, at = _signed.get(status_list.url), now()
    if kept is None or (kept.revision, kept.key) != (status_list.revision, key) or _is_old(kept, at):
        text = json.dumps(signed_list(status_list, at, at + GOOD_FOR), ensure_ascii=False)
        kept = _signed[status_list.url] = _Signed(status_list.revision, key, at, text)
    return kept.text


def signed_list(status_list: StatusList, at: datetime, valid_until: datetime) -> dict[str, Any]:
    """A list as it stands, signed with the badge key in use, in the name its address had when it began."""
    place = urlsplit(status_list.url)
    return sign_status_list(
        queries.list_set_bits(status_list),
        signing_keys.current().badge,
        url=status_list.url,
        issuer=Issuer(id=f"did:web:{quote(place.netloc, safe='')}", name=AUTHOR),
        valid_from=at,
        valid_until=valid_until,
        size=status_list.size,
    )


def _is_old(kept: _Signed, at: datetime) -> bool:
    return at - kept.made_at > SIGNED_ANEW_AFTER
