"""Where signing in may lead: to pages of ours and nowhere else."""

from urllib.parse import urlsplit


def own_page(target: str | None) -> str:
    """The page she came for, if it is one of ours; the start page otherwise."""
    parts = urlsplit(target or "")
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in parts.path
    return str(target) if is_ours and not parts.path.startswith("//") else "/"
