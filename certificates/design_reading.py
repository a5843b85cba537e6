"""Reading a design from TOML, and refusing one that cannot be drawn with a sentence that names the entry."""

import dataclasses
import math
import re
import tomllib
from types import UnionType
from typing import Any, get_args, get_origin

from certificates.content import Kind
from certificates.design_parts import Colour, Design, InvalidDesign, Line, Names, Ring, Strand
from certificates.languages import LANGUAGES, language_name
from certificates.shaping import TextStyle, unprintable_characters

BYTES_LIMIT = 200_000
FACTS = frozenset({"institution", "achievement", "modules", "occasion"})
COLOURS = ("accent", "ink", "soft", "tint")
"""Colours that every design must name: rules, symbol and words beside it are drawn in them."""

STYLES = ("aside", "figures", "text")
SIDES = ("left", "center", "right")

_MOST = {"copies": 40, "lobes": 200, "waves": 20, "most": 4, "version": 9999}
_LEAST = {
    "module": 10.0,
    "smallest": 4.0,
    "size": 4.0,
    "largest": 8.0,
    "width": 5.0,
    "height": 5.0,
    "line": 0.05,
    "inset": 0.0,
    "corner": 0.0,
    "disc": 0.0,
    "amplitude": 0.0,
}
_FARTHEST, _MOST_ENTRIES, _LONGEST = 900.0, 40, 200


def parse_design(text: str, name: str | None = None) -> Design:
    """Read a design from TOML; `name` is what it must call itself. Raises InvalidDesign naming the entry."""
    called = name or "The design"
    if len(text.encode("utf-8", "replace")) > BYTES_LIMIT:
        raise InvalidDesign(f"{called} is larger than {BYTES_LIMIT:,} bytes.")
    try:
        design: Design = _build(Design, tomllib.loads(text), "")
        _check(design)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidDesign(f"{called} is not TOML: {error}.") from error
    except ValueError as error:
        raise InvalidDesign(f"{called}: {error}") from error
    if name is not None and design.name != name:
        raise InvalidDesign(f"{name}: the design calls itself {design.name!r}.")
    return design


def _build(cls: Any, data: Any, where: str) -> Any:
    """Build a dataclass from a table, its tuples from arrays of tables."""
    if not isinstance(data, dict):
        raise ValueError(f"{where} must be a table.")
    fields = {field.name: field for field in dataclasses.fields(cls)}
    for key in data:
        if key not in fields:
            raise ValueError(f"{_joined(where, key)} is not an entry of a design.")
    for key, field in fields.items():
        given = (field.default, field.default_factory)
        if key not in data and given == (dataclasses.MISSING, dataclasses.MISSING):
            raise ValueError(f"{_joined(where, key)} is missing.")
    return cls(**{key: _value(fields[key].type, value, _joined(where, key)) for key, value in data.items()})


def _joined(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _value(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, UnionType):
        kind = next(option for option in get_args(kind) if option is not type(None))
    if kind in _READ:
        return _READ[kind](value, where)
    if dataclasses.is_dataclass(kind):
        return _build(kind, value, where)
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], item, f"{where}[{at}]") for at, item in _entries(value, where))
    if get_origin(kind) is dict:
        return _mapping(get_args(kind)[1], value, where)
    return _scalar(kind, value, where)


def _mapping(kind: Any, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > _MOST_ENTRIES:
        raise ValueError(f"{where} must be a table of at most {_MOST_ENTRIES} entries.")
    return {_plain(key, where): _value(kind, item, _joined(where, key)) for key, item in value.items()}


def _scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is float and type(value) is int:
        value = float(value)
    wanted = next((option for option in get_args(kind) or (kind,) if type(value) is option), None)
    if wanted is None:
        raise ValueError(f"{where} must be {_NAMED.get(kind, 'text')}, not {value!r}.")
    key = where.rsplit(".", 1)[-1].split("[")[0]
    if wanted is str and len(value) > _LONGEST:
        raise ValueError(f"{where} has {len(value)} characters; {_LONGEST} fit.")
    if wanted in (int, float):
        _in_range(key, value, where)
    return value


_NAMED = {float: "a number", int: "a whole number", str: "text", bool: "true or false"}


def _in_range(key: str, value: float, where: str) -> None:
    least = 1 if key in _MOST else _LEAST.get(key, -_FARTHEST)
    most = _MOST.get(key, _FARTHEST)
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{where} must be from {least:g} to {most:g}, not {value:g}.")


def _entries(value: Any, where: str) -> list[tuple[int, Any]]:
    if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
        raise ValueError(f"{where} must be a list of at most {_MOST_ENTRIES} entries.")
    return list(enumerate(value, start=1))


def _plain(key: str, where: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,20}", key):
        raise ValueError(f"{where}: {key!r} cannot be the name of an entry.")
    return key


def _colour(value: Any, where: str) -> Colour:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"{where}: {value!r} is not a colour such as #B5480A.")
    red, green, blue = (round(int(value[at : at + 2], 16) / 255, 3) for at in (1, 3, 5))
    return red, green, blue


def _kind(value: Any, where: str) -> Kind:
    if value not in list(Kind):
        raise ValueError(f"{where} must be one of {', '.join(Kind)}, not {value!r}.")
    return Kind(value)


_READ = {Colour: _colour, Kind: _kind}


def _check(design: Design) -> None:
    if f"{design.kind}-{design.version}" != design.name:
        raise ValueError(f"the name must be kind and version, {design.kind}-{design.version}.")
    if design.logo and design.logo.side not in SIDES:
        raise ValueError(f"logo.side must be one of {', '.join(SIDES)}, not {design.logo.side!r}.")
    _check_names(design)
    for at, line in enumerate(design.lines, start=1):
        if bool(line.text) == bool(line.fact) or (line.fact and line.fact not in FACTS):
            raise ValueError(f"lines[{at}] needs a text or one of the facts {', '.join(sorted(FACTS))}.")
    missing = sorted(FACTS - {line.fact for line in design.lines})
    if missing:
        raise ValueError(f"no line shows the fact {missing[0]}.")
    _check_languages(design)


def _check_names(design: Design) -> None:
    """Every colour and style that is used must be there, and so must those every sheet is drawn with."""
    rings = (*design.seal.rings, *design.ground.rings, *design.border.corners)
    texts: list[Line | Names] = [*design.lines, design.names]
    coloured: list[Line | Names | Strand | Ring] = [*texts, *design.border.strands, *rings]
    for colour in (*COLOURS, *(part.colour for part in coloured)):
        if colour not in design.colours:
            raise ValueError(f"there is no colour {colour!r}.")
    for style in (*STYLES, *(part.style for part in texts)):
        if style not in design.styles:
            raise ValueError(f"there is no style {style!r}.")
    for key, used in design.styles.items():
        if used.family not in ("serif", "sans") or not 100 <= used.weight <= 900:
            raise ValueError(f"styles.{key} needs the family serif or sans and a weight from 100 to 900.")


def _check_languages(design: Design) -> None:
    """Every fixed text must be there in every language the design claims, in letters that can be printed."""
    for language in design.languages:
        if language not in LANGUAGES:
            raise ValueError(f"languages: {language!r} is not a language we know.")
    for part in design.translated:
        for language in design.languages:
            if not part.also.get(language, "").strip():
                raise ValueError(f"the text \u201c{part.text}\u201d is missing in {language_name(language)}.")
    for text in (text for part in design.fixed for text in (part.text, *part.also.values())):
        if unprintable := unprintable_characters(text, TextStyle()):
            raise ValueError(
                f"the text \u201c{text}\u201d holds {unprintable[0]!r}, which no font can print."
            )
