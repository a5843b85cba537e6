"""The designs this library brings: found by name and version, or the newest of a kind."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from certificates.content import Kind
from certificates.design_parts import Design, InvalidDesign
from certificates.design_reading import parse_design

FOLDER = Path(__file__).parent / "designs"
SUMS = "published.sha256"
"""The file beside them that holds the SHA-256 of each, as sha256sum writes it."""


@cache
def load_design(name: str) -> Design:
    """Return a published design such as "teacher-1". Raises InvalidDesign."""
    return parse_design(design_source(name), name)


@cache
def design_source(name: str) -> str:
    """Return the TOML of a published design. Raises InvalidDesign when it is not there or was changed."""
    path = FOLDER / f"{name}.toml"
    if not re.fullmatch(r"[a-z]+-[1-9][0-9]*", name) or not path.is_file():
        raise InvalidDesign(f"There is no design {name!r}; there are {', '.join(design_names())}.")
    data = path.read_bytes()
    if f"{sha256(data).hexdigest()}  {path.name}" not in (FOLDER / SUMS).read_text().splitlines():
        raise InvalidDesign(f"{path.name} is not as it was published. A published design never changes.")
    return data.decode()


def design_names() -> list[str]:
    """Return the names of all designs, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def newest_design(kind: Kind) -> Design:
    """Return the design of a kind with the highest version. Raises InvalidDesign."""
    designs = [load_design(name) for name in design_names() if name.startswith(f"{kind}-")]
    if not designs:
        raise InvalidDesign(f"There is no design for {kind} certificates.")
    return max(designs, key=lambda design: design.version)
