"""Certificates per CPU second: the press beside a plain ReportLab loop that draws the same page."""

import dataclasses
import io
import statistics
import time
from collections.abc import Callable, Iterator
from math import pi
from typing import Any

import segno
from reportlab.pdfgen.canvas import Canvas

from certificates.canvases import register_fonts
from certificates.content import CertificateContent, Kind
from certificates.curves import Segment, wave
from certificates.designs import PAGE, Design, newest_design
from certificates.examples import example_content
from certificates.facts import fact
from certificates.press import Press

ROUNDS, PRESSED, PLAIN = 7, 300, 8
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST = ["Siti", "Ahmad", "Tran", "Maria", "Jose", "Kofi", "Abebe", "Aigerim", "Batbayar", "Wei", "Priya"]
_LAST = ["Abdullah", "Ismail", "Garcia", "Mensah", "Tesfaye", "Gantulga", "Zhang", "Sharma", "Suksai", "Chea"]
_CHINESE = "张伟欧阳娜龚铉喆堃璟王李赵刘陈杨黄周吴徐孙"


def cases() -> list[dict[str, Any]]:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; ratio above 1 is better.

    Rates are medians of interleaved rounds in CPU seconds of one core. Every certificate has a name,
    number, code and QR symbol of its own; every other one has a Chinese native name too.
    """
    design = newest_design(Kind.TEACHER)
    press = Press(design)
    art = list(_guilloche(design))
    register_fonts()
    people = _people()
    latin, mixed, plain = [], [], []
    for content in (next(people) for _ in range(200)):  # both start warm
        press.render(content)
    sizes = {"press": len(press.render(next(people))), "plain": len(_plain_page(next(people), art))}
    for _round in range(ROUNDS):
        batch = [next(people) for _ in range(PRESSED)]
        alone = [dataclasses.replace(next(people), native_name=None) for _ in range(PRESSED)]
        latin.append(_rate(press.render, alone))
        mixed.append(_rate(press.render, batch))
        plain.append(_rate(lambda content: _plain_page(content, art), batch[:PLAIN]))
    peer = statistics.median(plain)
    name = "certificates drawn per CPU second"
    rows = [(f"{name}, Latin names", latin), (f"{name}, half with Chinese native names", mixed)]
    figures = [
        _figure(label, statistics.median(rates), "files/s", peer, statistics.median(rates) / peer)
        for label, rates in rows
    ]
    ratio = sizes["plain"] / sizes["press"]
    return [*figures, _figure("bytes of a certificate", sizes["press"], "bytes", sizes["plain"], ratio)]


def _figure(name: str, value: float, unit: str, peer_value: float, ratio: float) -> dict[str, Any]:
    peer = "ReportLab, one canvas a file"
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 1),
        "ratio": round(ratio, 2),
    }


def _rate(draw: Callable[[CertificateContent], bytes], batch: list[CertificateContent]) -> float:
    start = time.process_time()
    for content in batch:
        draw(content)
    return len(batch) / (time.process_time() - start)


def _people() -> Iterator[CertificateContent]:
    example, serial, state = example_content(Kind.TEACHER), 0, 1
    while True:
        serial += 1
        state = state * 6364136223846793005 % (1 << 130) + 1442695040888963407
        digits = [_ALPHABET[(state >> 5 * place) % 32] for place in range(26)]
        groups = ["".join(digits[at : at + 4]) for at in range(0, 26, 4)]
        first, last = _FIRST[state % len(_FIRST)], _LAST[state // 7 % len(_LAST)]
        chinese = "".join(_CHINESE[state // step % len(_CHINESE)] for step in (11, 13, 17))
        yield dataclasses.replace(
            example,
            number=f"GDT-2026-{serial:06d}",
            code="-".join(groups),
            verify_url="https://gdt.example.org/verify/" + "".join(groups),
            printed_name=f"{first} {digits[0]}. {last}",
            native_name=chinese if serial % 2 else None,
            institution_native=None,
        )


def _guilloche(design: Design) -> Iterator[list[Segment]]:
    """Yield the border's curves, worked out beforehand so that the peer need not.

    It is let off the seal, the ground, the corners and every other strand.
    """
    border, (width, height) = design.border, PAGE
    near = border.inset + border.width / 2
    for strand in border.strands:
        for copy in range(0, strand.copies, 2):
            phase = 2 * pi * copy / strand.copies
            module = wave(
                border.module,
                border.width / 2,
                amplitude=strand.amplitude,
                swell=strand.swell,
                waves=strand.waves,
                phase=phase,
            )
            for start in range(54, int(width) - 96, 43):
                yield _moved(module, 1, 0, start, near)
                yield _moved(module, 1, 0, start, height - near)
            for start in range(54, int(height) - 96, 43):
                yield _moved(module, 0, 1, near, start)
                yield _moved(module, 0, 1, width - near, start)


def _moved(segments: list[Segment], c: float, s: float, x: float, y: float) -> list[Segment]:
    return [
        tuple((round(px * c - py * s + x, 2), round(px * s + py * c + y, 2)) for px, py in segment)  # type: ignore[misc]
        for segment in segments
    ]


def _plain_page(content: CertificateContent, art: list[list[Segment]]) -> bytes:
    """Draw the page as a ReportLab user would: the font registered once, a canvas for each file."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=PAGE, pageCompression=1)
    canvas.setTitle(f"Teacher Certificate {content.number}")
    canvas.setLineWidth(0.3)
    canvas.setStrokeColorRGB(0.86, 0.6, 0.4)
    canvas.rect(24, 24, PAGE[0] - 48, PAGE[1] - 48)
    path = canvas.beginPath()
    for segments in art:
        path.moveTo(*segments[0][0])
        for _start, first, second, end in segments:
            path.curveTo(*first, *second, *end)
    canvas.drawPath(path)
    canvas.setFillColorRGB(0.13, 0.11, 0.1)
    lines = ["Alibaba Global Digital Talent", "Teacher Certificate", content.printed_name]
    lines += [
        content.achievement,
        *fact(content, "institution"),
        *fact(content, "occasion"),
        content.number,
        content.code,
    ]
    for place, line in enumerate(lines):
        canvas.setFont("GDT-Serif", 40 if place == 2 else 14)
        canvas.drawCentredString(PAGE[0] / 2, 470 - 34 * place, line)
    modules = segno.make(content.verify_url, error="m", micro=False).matrix
    for row, bits in enumerate(modules):
        for column, dark in enumerate(bits):
            if dark:
                canvas.rect(84 + 2 * column, 142 - 2 * row, 2, 2, stroke=0, fill=1)
    canvas.save()
    return file.getvalue()
