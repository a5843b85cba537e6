"""What a browser calls itself, in words its owner recognises: Firefox on Windows."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def describe_browser(user_agent: str) -> str:
    """Name browser and system; nothing (an empty string) for what names neither."""
    found = (_first(user_agent, BROWSERS), _first(user_agent, SYSTEMS))
    return " · ".join(word for word in found if word)


def _first(user_agent: str, marks: tuple[tuple[str, str], ...]) -> str:
    """The word of the first mark: browsers carry the names of those they resemble, the rarest first here."""
    return next((word for mark, word in marks if mark in user_agent), "")
