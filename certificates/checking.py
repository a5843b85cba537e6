"""Whether a design holds whatever is printed with it: nothing overlaps, nothing leaves the frame."""

from collections.abc import Iterator
from itertools import combinations

from certificates.content import CertificateContent
from certificates.design_parts import PAGE, Design
from certificates.layout import Box, fixed_layout, lay_out
from certificates.qr import qr_symbol
from certificates.shaping import UnprintableText
from certificates.worst_names import worst_contents

_SLACK = 0.75
"""Hairs of neighbouring lines may come this close, in points."""

_RULE_ABOVE_BAND = 2.5


def design_faults(design: Design) -> list[str]:
    """Return a sentence for each fault found with the worst names in every language of the design."""
    found: dict[str, None] = {}
    for language in ("en", *design.languages):
        for label, content in worst_contents(design, language):
            for fault in content_faults(content, design):
                found.setdefault(f"{fault} ({label}; {language})", None)
    return list(found)


def content_faults(content: CertificateContent, design: Design) -> list[str]:
    """Return a sentence for each pair of parts that overlap, and each part outside the frame."""
    try:
        boxes = list(_boxes(content, design))
    except UnprintableText as error:
        return [str(error)]
    frame = _frame(design)
    outside = [f"The {box.role} leaves the frame" for box in boxes if _leaves(box, frame)]
    overlaps = [
        f"The {one.role} and the {other.role} overlap"
        for one, other in combinations(boxes, 2)
        if _overlap(one, other)
    ]
    return list(dict.fromkeys([*outside, *overlaps]))


def _boxes(content: CertificateContent, design: Design) -> Iterator[Box]:
    """Yield all text, the symbol with its quiet zone, the signature rules, the seal and the logo's place."""
    layout = lay_out(content, design)
    yield from (box for box in layout.boxes if box.role != "logo")
    yield from fixed_layout(design, content.language).boxes
    for left, right, y in layout.rules:
        yield Box("signature rule", left, y - 0.25, right, y + 0.25)
    check, place, seal = design.check, design.logo, design.seal
    quiet = 4 * check.size / qr_symbol(content.verify_url).size
    side = check.size + quiet
    yield Box("symbol", check.x - quiet, check.y - quiet, check.x + side, check.y + side)
    if place:
        yield Box("logo", place.x, place.y, place.x + place.width, place.y + place.height)
    reach = max(ring.radius + ring.amplitude for ring in seal.rings)
    top = min(seal.y + reach, PAGE[1] - _frame(design))  # a seal may stand on the border
    yield Box("seal", seal.x - reach, seal.y - reach, seal.x + reach, top)


def _frame(design: Design) -> float:
    """Return how far from the edge of the sheet the inside of the frame begins."""
    return design.border.inset + design.border.width + _RULE_ABOVE_BAND


def _leaves(box: Box, frame: float) -> bool:
    return box.left < frame or box.bottom < frame or box.right > PAGE[0] - frame or box.top > PAGE[1] - frame


def _overlap(one: Box, other: Box) -> bool:
    return (
        min(one.right, other.right) - max(one.left, other.left) > _SLACK
        and min(one.top, other.top) - max(one.bottom, other.bottom) > _SLACK
    )
