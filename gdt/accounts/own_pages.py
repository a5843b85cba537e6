"""Where signing in may lead: to pages of ours and nowhere else."""

import re

# Browsers skip what cannot be seen, and take several slashes, or a backslash, for the beginning of a host.
_OURS = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")


def own_page(target: str | None) -> str:
    """The page she came for, if it is one of ours; the start page otherwise."""
    return target if target and _OURS.fullmatch(target) else "/"
