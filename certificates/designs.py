"""Designs as data: reading a TOML design into frozen values and refusing one that cannot be drawn."""

import dataclasses
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from certificates.content import Kind
from certificates.shaping import TextStyle

FOLDER = Path(__file__).parent / "designs"
FACTS = frozenset({"institution", "achievement", "modules", "occasion"})
PAGE = (841.89, 595.28)

Colour = tuple[float, float, float]


class InvalidDesign(ValueError):
    """A design file cannot be used; the sentence names the file and the entry."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Strand:
    """Waves of the border: `amplitude` and `swell` are shares of half the border's width."""

    amplitude: float
    swell: float
    waves: int
    copies: int
    colour: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Ring:
    """A rosette ring: r = radius + amplitude cos(lobes t + phase), one curve per copy."""

    radius: float
    amplitude: float
    lobes: int
    copies: int
    colour: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Border:
    inset: float
    width: float
    module: float
    line: float
    corner: float
    strands: tuple[Strand, ...]
    corners: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rosette:
    """Rings about a centre; `disc` is the radius of white laid under them, 0 for none."""

    x: float
    y: float
    line: float
    rings: tuple[Ring, ...]
    disc: float = 0.0
    monogram: str = ""
    monogram_size: float = 12.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Names:
    """The zone of the holder's names, in points."""

    bottom: float
    top: float
    width: float
    largest: float
    style: str
    colour: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One text on the axis: fixed (`text`, with translations in `also`) or a fact of the content."""

    baseline: float
    size: float
    style: str
    colour: str
    text: str = ""
    also: dict[str, str] = field(default_factory=dict)
    fact: str = ""
    smallest: float = 7.0
    most: int = 1
    width: float = 640.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Check:
    """The QR symbol's lower left corner and size, and the width of the words beside it."""

    x: float
    y: float
    size: float
    width: float
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Signatures:
    left: float
    right: float
    rule: float
    widest: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """Everything that makes one look. Two designs are equal only when they are the same object."""

    name: str
    kind: Kind
    version: int
    title: str
    colours: dict[str, Colour]
    styles: dict[str, TextStyle]
    border: Border
    seal: Rosette
    ground: Rosette
    names: Names
    lines: tuple[Line, ...]
    check: Check
    signatures: Signatures


@cache
def load_design(name: str) -> Design:
    """Return a published design such as "teacher-1". Raises InvalidDesign."""
    path = FOLDER / f"{name}.toml"
    if not re.fullmatch(r"[a-z]+-[1-9][0-9]*", name) or not path.is_file():
        raise InvalidDesign(f"There is no design {name!r}; there are {', '.join(design_names())}.")
    return parse_design(path.read_text(encoding="utf-8"), name)


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


def parse_design(text: str, name: str) -> Design:
    """Read a design from TOML. Raises InvalidDesign naming the entry that is wrong."""
    try:
        data = tomllib.loads(text)
        colours = {key: _colour(value) for key, value in data.pop("colours").items()}
        styles = {key: TextStyle(**value) for key, value in data.pop("styles").items()}
        design: Design = _build(Design, {**data, "colours": colours, "styles": styles}, "the design")
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidDesign(f"{name}: {error}") from error
    _check(design, name)
    return design


def _build(cls: Any, data: dict[str, Any], where: str) -> Any:
    """Build a dataclass from a table, its tuples from arrays of tables."""
    kinds = {f.name: f.type for f in dataclasses.fields(cls)}
    values = {}
    for key, value in data.items():
        if key not in kinds:
            raise ValueError(f"{key} is not an entry of {where}.")
        values[key] = _value(kinds[key], value, f"{where}, {key}")
    return cls(**values)


def _value(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _build(kind, value, where)
    if isinstance(value, list):
        return tuple(_build(kind.__args__[0], item, where) for item in value)
    if kind is float and type(value) is int:
        return float(value)
    if kind is Kind:
        return Kind(value)
    if isinstance(kind, type) and not isinstance(value, kind):
        raise ValueError(f"{where} must be {kind.__name__}, not {value!r}.")
    return value


def _colour(value: str) -> Colour:
    if not re.fullmatch(r"#[0-9A-F]{6}", value):
        raise ValueError(f"{value!r} is not a colour such as #B5480A.")
    red, green, blue = (round(int(value[at : at + 2], 16) / 255, 3) for at in (1, 3, 5))
    return red, green, blue


def _check(design: Design, name: str) -> None:
    if f"{design.kind}-{design.version}" != design.name or design.name != name:
        raise InvalidDesign(f"{name}: the name must be kind and version, not {design.name!r}.")
    rings = (*design.seal.rings, *design.ground.rings, *design.border.corners)
    texts: list[Line | Names] = [*design.lines, design.names]
    coloured: list[Line | Names | Strand | Ring] = [*texts, *design.border.strands, *rings]
    for colour in {part.colour for part in coloured} - set(design.colours):
        raise InvalidDesign(f"{name}: there is no colour {colour!r}.")
    for style in {part.style for part in texts} - set(design.styles):
        raise InvalidDesign(f"{name}: there is no style {style!r}.")
    for line in design.lines:
        if bool(line.text or line.also) == bool(line.fact) or (line.fact and line.fact not in FACTS):
            raise InvalidDesign(f"{name}: a line needs a text or one of {', '.join(sorted(FACTS))}.")
