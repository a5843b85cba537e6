"""Example contents, one for each kind, to try a design with."""

import dataclasses
import io
from datetime import date
from functools import cache
from math import cos, pi, sin

from PIL import Image, ImageDraw

from certificates.content import CertificateContent, Kind, ModuleLine, Signatory
from certificates.logos import Logo, read_logo

_TEACHER = CertificateContent(
    kind=Kind.TEACHER,
    number="GDT-2026-000123",
    code="7K3M-9QXR-2TBW-5HNC-8DVF-4GZJ-PA",
    verify_url="https://gdt.example.org/verify/7K3M9QXR2TBW5HNC8DVF4GZJPA",
    printed_name="Nguyễn Thị Ánh Tuyết",
    native_name="阮氏映雪",
    institution="Universiti Tunku Abdul Rahman",
    institution_native="拉曼大学",
    country="Malaysia",
    achievement="Digital Commerce and New Retail",
    modules=(
        ModuleLine(title="New Retail", hours=12),
        ModuleLine(title="Smart Logistics", hours=12),
        ModuleLine(title="Digital Marketing", hours=16),
        ModuleLine(title="Start-up Investment and Financing", hours=8),
    ),
    held_from=date(2026, 11, 3),
    held_to=date(2026, 11, 7),
    mode="on site",
    place="Kuala Lumpur",
    issued_on=date(2026, 11, 21),
    valid_until=date(2029, 11, 20),
    signatories=(
        Signatory(name="Lin Meihua", title="Programme Director"),
        Signatory(name="Ahmad Faizal bin Osman", title="Dean, Faculty of Business"),
    ),
)

_EXAMPLES = {
    Kind.TEACHER: _TEACHER,
    Kind.STUDENT: dataclasses.replace(
        _TEACHER,
        kind=Kind.STUDENT,
        number="GDT-2026-004567",
        printed_name="Siti Nurhaliza binti Ismail",
        native_name=None,
        institution_native=None,
        achievement="Digital Commerce Foundations",
        held_from=date(2026, 7, 6),
        held_to=date(2026, 10, 30),
        mode="hybrid",
        place=None,
        valid_until=None,
    ),
    Kind.AWARD: dataclasses.replace(
        _TEACHER,
        kind=Kind.AWARD,
        number="GDT-2026-007001",
        printed_name="ณัฐวุฒิ ศรีสุข",
        native_name=None,
        institution="Chulalongkorn University",
        institution_native="จุฬาลงกรณ์มหาวิทยาลัย",
        country="Thailand",
        achievement="Social Impact 2026",
        modules=(),
        held_from=date(2026, 11, 19),
        held_to=None,
        mode=None,
        place="Annual conference, Singapore",
        valid_until=None,
    ),
    Kind.PARTNER: dataclasses.replace(
        _TEACHER,
        kind=Kind.PARTNER,
        number="GDT-2026-000017",
        printed_name="Addis Ababa University",
        native_name="አዲስ አበባ ዩኒቨርሲቲ",
        institution="Addis Ababa University",
        institution_native=None,
        country="Ethiopia",
        achievement="Global Digital Talent partner institution",
        modules=(),
        held_from=None,
        held_to=None,
        mode=None,
        place=None,
        valid_until=date(2029, 11, 20),
    ),
}


def example_content(kind: Kind) -> CertificateContent:
    """Return made-up but believable content of a kind."""
    return _EXAMPLES[kind]


@cache
def example_logo() -> Logo:
    """Return a made-up emblem, to see where an institution's logo stands."""
    side, middle = 800, 400
    picture = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((10, 10, side - 10, side - 10), fill="#1F3A5F")
    draw.ellipse((50, 50, side - 50, side - 50), outline="#D9B45B", width=14)
    for ray in range(12):
        turn = ray * pi / 6
        points = [(turn, 300), (turn + pi / 12, 130), (turn - pi / 12, 130)]
        draw.polygon([(middle + r * sin(a), middle - r * cos(a)) for a, r in points], fill="#D9B45B")
    draw.ellipse((middle - 95, middle - 95, middle + 95, middle + 95), fill="#FFFFFF")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return read_logo(file.getvalue())
