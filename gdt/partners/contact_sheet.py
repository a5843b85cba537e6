"""How addresses and telephone numbers of contacts may be written, on the page and in a file."""

import re
from typing import Final

ADDRESS: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{4,38}")
