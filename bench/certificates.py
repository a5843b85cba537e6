"""Certificates per CPU second: the press beside a plain ReportLab loop that draws the same page.

Signed ones are measured beside that loop as it is, and beside the same loop with pyHanko signing after it.
"""

import dataclasses
import gc
import hashlib
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import pi
from pathlib import Path
from typing import Any

import segno
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from reportlab.pdfgen.canvas import Canvas

from certificates.attachments import Attachment
from certificates.canvases import register_fonts
from certificates.content import CertificateContent, Kind, content_to_json
from certificates.curves import Segment, wave
from certificates.design_parts import PAGE, Design
from certificates.designs import newest_design
from certificates.development import KEY_FILE, make_development_key
from certificates.examples import example_content
from certificates.facts import fact
from certificates.press import Press
from certificates.printfile import Sheet, write_print_file
from certificates.signing import Signer

ROUNDS, PRESSED, PLAIN, SIGNED, SIGNED_AFTER = 7, 300, 8, 150, 4
BADGE_BYTES = 4096
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
    figures.append(_figure("bytes of a certificate", sizes["press"], "bytes", sizes["plain"], ratio))
    figures.extend(_print_cases(people, peer, sizes["plain"]))
    with tempfile.TemporaryDirectory() as folder:
        return figures + _signed_cases(press, art, people, Path(folder))


def _print_cases(people: Iterator[CertificateContent], peer: float, peer_size: int) -> list[dict[str, Any]]:
    """One print file of many pages, beside a file for each from the plain loop."""
    rates, pages, size = [], 1000, 0
    for _round in range(ROUNDS):
        sheets, file = [Sheet(next(people)) for _ in range(pages)], io.BytesIO()
        gc.collect()
        start = time.process_time()
        write_print_file(sheets, file)
        rates.append(pages / (time.process_time() - start))
        size = len(file.getvalue()) // pages
    rate = statistics.median(rates)
    return [
        _figure("pages of a print file per CPU second", rate, "pages/s", peer, rate / peer),
        _figure("bytes of a page of a print file", size, "bytes", peer_size, peer_size / size),
    ]


def _signed_cases(
    press: Press, art: list[list[Segment]], people: Iterator[CertificateContent], folder: Path
) -> list[dict[str, Any]]:
    """Drawn, signed (P-256, PAdES B-B), 4 KB of JSON attached, SHA-256 taken; peers sign or do not."""
    badges: dict[str, bytes] = {}
    issue = _issuing(press, Signer(make_development_key(folder)), badges)
    sign_after = _pyhanko(folder / KEY_FILE)
    ours, plain, after = [], [], []
    for content in (next(people) for _ in range(50)):
        badges[content.code] = _badge(content)
        issue(content)
    sign_after(_plain_page(next(people), art))
    for _round in range(ROUNDS):
        batch = [next(people) for _ in range(SIGNED)]
        badges.update((content.code, _badge(content)) for content in batch)
        ours.append(_rate(issue, batch))
        plain.append(_rate(lambda content: _plain_page(content, art), batch[:SIGNED_AFTER]))
        after.append(_rate(lambda content: sign_after(_plain_page(content, art)), batch[:SIGNED_AFTER]))
    name, rate = "certificates drawn, signed, 4 KB attached, hashed per CPU second", statistics.median(ours)
    peers = [("ReportLab, one canvas a file, unsigned", plain), ("ReportLab, pyHanko signing after", after)]
    figures = [
        _figure(name, rate, "files/s", statistics.median(rates), rate / statistics.median(rates), peer)
        for peer, rates in peers
    ]
    size, peer_size = len(issue(content)), len(_plain_page(content, art))
    name = "bytes of a signed certificate with 4 KB attached"
    return [*figures, _figure(name, size, "bytes", peer_size, peer_size / size, peers[0][0])]


def _issuing(press: Press, signer: Signer, badges: dict[str, bytes]) -> Callable[[CertificateContent], bytes]:
    moment = datetime.now(UTC)

    def issue(content: CertificateContent) -> bytes:
        badge = Attachment("badge.json", "application/ld+json", badges[content.code], "Open Badge")
        file = press.render(content, signer=signer, signed_at=moment, attachments=[badge])
        hashlib.sha256(file).hexdigest()
        return file

    return issue


def _badge(content: CertificateContent) -> bytes:
    """Return JSON of the size of a badge, with as much chance in it as proof and salts bring."""
    facts = json.loads(content_to_json(content))
    facts["proof"] = [hashlib.sha256(f"{content.code}{place}".encode()).hexdigest() for place in range(6)]
    facts["criteria"] = ""
    rest = BADGE_BYTES - len(json.dumps(facts))
    facts["criteria"] = " ".join(f"{place}. {_FIRST[place % 11]} {_LAST[place % 10]}" for place in range(300))
    facts["criteria"] = facts["criteria"][:rest]
    return json.dumps(facts).encode()


def _pyhanko(key: Path) -> Callable[[bytes], bytes]:
    """Return what signs a finished file as pyHanko's documentation shows it."""
    signer = SimpleSigner.load_pkcs12(str(key))
    metadata = PdfSignatureMetadata(
        field_name="Signature",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    return lambda file: sign_pdf(IncrementalPdfFileWriter(io.BytesIO(file)), metadata, signer).getvalue()


def _figure(
    name: str,
    value: float,
    unit: str,
    peer_value: float,
    ratio: float,
    peer: str = "ReportLab, one canvas a file",
) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 1),
        "ratio": round(ratio, 2),
    }


def _rate(draw: Callable[[CertificateContent], bytes], batch: list[CertificateContent]) -> float:
    gc.collect()  # nobody pays for what the one before left behind
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
