"""Where everything on a certificate stands: content and design in, placed lines and boxes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from certificates.content import CertificateContent, Signatory
from certificates.design_parts import PAGE, Check, Colour, Design, Line, Signatures
from certificates.drawing import text_width
from certificates.facts import DOT, fact
from certificates.fitting import LEADING, advances, fit, ink, stack, stacked_height
from certificates.fonts import depends_on_fonts
from certificates.shaping import TextStyle, has_small_capitals

AXIS = PAGE[0] / 2
_GAP = 14.0


class _Rows(NamedTuple):
    """Heights above the foot of the symbol at which the words beside it stand, in points."""

    code: float
    number: float
    """Above the first row of the code."""

    text: float
    beside: float
    address: float


_ONE_LANGUAGE = _Rows(code=33.0, number=16.0, text=18.0, beside=18.0, address=4.5)
_TWO_LANGUAGES = _Rows(code=39.5, number=15.0, text=26.0, beside=15.0, address=2.5)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedLine:
    """One line of text; (x, y) is the left end of its baseline in points."""

    role: str
    text: str
    style: TextStyle
    size: float
    x: float
    y: float
    colour: Colour
    kept: bool = True
    """False for what stands on one certificate alone: names, number and code."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a part covers, in points from the lower left corner of the sheet."""

    role: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one certificate that its content decides."""

    lines: tuple[PlacedLine, ...]
    rules: tuple[tuple[float, float, float], ...]
    """Signature rules as (left, right, y)."""

    logo: Box | None = None
    """The zone an institution's logo stands in."""

    @property
    def boxes(self) -> list[Box]:
        return [*(line_box(line) for line in self.lines), *([self.logo] if self.logo else [])]


def line_box(line: PlacedLine) -> Box:
    """Return the box of a line's ink, its sides being the ends of the line."""
    low, high = ink(line.text, line.style)
    right = line.x + text_width(line.text, line.style, line.size)
    return Box(line.role, line.x, line.y + low * line.size, right, line.y + high * line.size)


def lay_out(content: CertificateContent, design: Design) -> Layout:
    """Place everything the content decides. Raises UnprintableText, InvalidDesign."""
    lines = list(_names(content, design))
    for line in design.lines:
        if line.fact and (paragraphs := fact(content, line.fact)):
            lines.extend(_paragraphs(paragraphs, line, design))
    rows = _rows(design, content.language)
    lines.extend(_check_lines(content.number, content.code, address(content), design, rows))
    columns = _columns(len(content.signatories), design.signatures)
    for signatory, (left, right) in zip(content.signatories, columns, strict=True):
        lines.extend(_signatory(signatory, left, right, design))
    rules = tuple((left, right, design.signatures.rule) for left, right in columns)
    return Layout(tuple(lines), rules, _logo_zone(design) if content.logo else None)


def _logo_zone(design: Design) -> Box | None:
    place = design.logo
    if place is None:
        return None
    return Box("logo", place.x, place.y, place.x + place.width, place.y + place.height)


def fixed_layout(design: Design, language: str) -> Layout:
    """Place what is the same on every certificate of a design in a language. Raises InvalidDesign."""
    lines = [placed for line in design.lines for placed in _fixed(line, design, language)]
    check, style = design.check, design.styles["aside"]
    x, rows, soft = check.x + check.size + _GAP, _rows(design, language), design.colours["soft"]
    local = _beside(check, design, language)
    for text, height in ((check.text, rows.text), *([(local, rows.beside)] if local else [])):
        size = fit((text,), style, check.width, size=10.0, smallest=6.5, most=1).size
        lines.append(PlacedLine("check", text, style, size, x, check.y + height, soft))
    return Layout(tuple(lines), ())


def address(content: CertificateContent) -> str:
    """Return the verify address as people type it: no scheme, and without the code at its end."""
    bare = content.verify_url.split("://", 1)[1]
    for code in (content.code, re.sub("[-. ]", "", content.code)):
        bare = bare.removesuffix(code).rstrip("/?=#")
    return bare


def _fixed(line: Line, design: Design, language: str) -> tuple[PlacedLine, ...]:
    if line.fact:
        return ()
    local = _beside(line, design, language)
    if not local:
        return _paragraphs((line.text,), line, design)
    return _paragraphs((line.text, local) if line.stacked else (f"{line.text}{DOT}{local}",), line, design)


def _rows(design: Design, language: str) -> _Rows:
    return _TWO_LANGUAGES if design.second_language(language) else _ONE_LANGUAGE


def _beside(part: Line | Check, design: Design, language: str) -> str:
    """Return the words of a part in the language beside English, if there is one."""
    second = design.second_language(language)
    return part.also.get(second, "") if second else ""


@depends_on_fonts
@lru_cache(maxsize=4096)
def _paragraphs(paragraphs: tuple[str, ...], line: Line, design: Design) -> tuple[PlacedLine, ...]:
    """Set paragraphs on the axis; fewer lines than the zone has room for stand in its middle."""
    style = design.styles[line.style]
    if style.small_caps and not all(has_small_capitals(text, style) for text in paragraphs):
        style = replace(style, small_caps=False)  # half in small capitals looks like a mistake
    most = max(line.most, len(paragraphs))
    fitted = fit(paragraphs, style, line.width, size=line.size, smallest=line.smallest, most=most)
    leading = max(fitted.size, 0.8 * line.size) * LEADING
    top = line.baseline - (most - len(fitted.lines)) * line.size * LEADING / 2
    role, colour = line.fact or line.text, design.colours[line.colour]
    lines = [text.removesuffix(DOT.rstrip()) for text in fitted.lines]
    return tuple(
        _centred(role, text, style, fitted.size, top - place * leading, colour)
        for place, text in enumerate(lines)
    )


def _centred(
    role: str, text: str, style: TextStyle, size: float, y: float, colour: Colour, axis: float = AXIS
) -> PlacedLine:
    return PlacedLine(role, text, style, size, axis - text_width(text, style, size) / 2, y, colour)


def _names(content: CertificateContent, design: Design) -> Iterator[PlacedLine]:
    zone = design.names
    style, colour = design.styles[zone.style], design.colours[zone.colour]
    names = (content.printed_name, content.native_name) if content.native_name else (content.printed_name,)
    height = zone.top - zone.bottom
    fitted = stack(names, style, width=zone.width, height=height, largest=zone.largest)
    inked = stacked_height(fitted.lines, style) * fitted.size
    y = zone.top - (height - inked) / 2 - ink(fitted.lines[0], style)[1] * fitted.size
    for text, step in zip(fitted.lines, [*advances(fitted.lines, style), 0.0], strict=True):
        x = AXIS - text_width(text, style, fitted.size) / 2
        yield PlacedLine("name", text, style, fitted.size, x, y, colour, kept=False)
        y -= step * fitted.size


def _check_lines(number: str, code: str, where: str, design: Design, heights: _Rows) -> Iterator[PlacedLine]:
    """Number and code beside the symbol, above the fixed words, and the address under those."""
    check, colours, styles = design.check, design.colours, design.styles
    x = check.x + check.size + _GAP
    groups = re.findall(r"[^-. ]+[-. ]?", code)
    per_line = -(-len(groups) // (2 if len(groups) > 4 else 1))
    rows = ["".join(groups[at : at + per_line]).strip() for at in range(0, len(groups), per_line)]
    y = check.y + heights.code + 13.0 * (len(rows) - 1)
    texts = [(number, styles["figures"], 10.0, y + heights.number, colours["soft"])]
    texts += [
        (row, styles["figures"], 11.5, y - 13.0 * place, colours["ink"]) for place, row in enumerate(rows)
    ]
    for text, style, size, baseline, colour in texts:
        width = text_width(text, style, 1)
        yield PlacedLine(
            "check", text, style, min(size, check.width / width), x, baseline, colour, kept=False
        )
    yield from _address(where, x, check.y + heights.address, design)


@depends_on_fonts
@lru_cache(maxsize=256)
def _address(where: str, x: float, y: float, design: Design) -> tuple[PlacedLine, ...]:
    check, style = design.check, design.styles["text"]
    fitted = fit((where,), style, check.width, size=10.5, smallest=6.5, most=1)
    return (PlacedLine("check", where, style, fitted.size, x, y, design.colours["accent"]),)


@lru_cache(maxsize=64)
def _columns(count: int, zone: Signatures) -> tuple[tuple[float, float], ...]:
    """Share the zone among the signatories, the last ending at its right edge."""
    if not count:
        return ()
    width = min(zone.widest, (zone.right - zone.left - _GAP * (count - 1)) / count)
    step = width + _GAP
    return tuple(
        (zone.right - step * (count - at) + _GAP, zone.right - step * (count - at - 1)) for at in range(count)
    )


@depends_on_fonts
@lru_cache(maxsize=1024)
def _signatory(signatory: Signatory, left: float, right: float, design: Design) -> tuple[PlacedLine, ...]:
    """Name and office under the rule, centred on it, each in at most two lines."""
    axis, y = (left + right) / 2, design.signatures.rule - 3.0
    parts = (
        (signatory.name, 11.0, 9.4, design.colours["ink"]),
        (signatory.title, 9.5, 8.4, design.colours["soft"]),
    )
    style = design.styles["text"]
    placed = []
    for text, size, smallest, colour in parts:
        fitted = fit((text,), style, right - left, size=size, smallest=smallest, most=2)
        for line in fitted.lines:
            y -= fitted.size * 1.06
            placed.append(_centred("signatory", line, style, fitted.size, y, colour, axis))
        y -= 1.5
    return tuple(placed)
