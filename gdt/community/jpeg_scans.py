"""In how many scans a JPEG is written: one of a camera in one, a progressive one in about ten.

Each scan is a walk over the whole picture and need not be longer than fifty bytes, so that 10 MB of them
would keep a processor busy for many minutes (ITU T.81, annex B).
"""

import re
from typing import Final

MOST_SCANS: Final = 30
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # what stands in compressed data is none
_END, _SCAN, _BARE = 0xD9, 0xDA, frozenset({0x01, 0xD8})


def count_scans(content: bytes) -> int:
    """Count the scans up to the end of the picture, and no further than one more than a picture may have."""
    scans, at = 0, 0
    while scans <= MOST_SCANS:
        found = _MARKER.search(content, at)
        if found is None or content[found.end() - 1] == _END:
            break
        code, at = content[found.end() - 1], found.end()
        scans += code == _SCAN
        if code not in _BARE:
            at += int.from_bytes(content[at : at + 2])
    return scans
