"""Example contents, one for each kind, to try a design with."""

import dataclasses
from datetime import date

from certificates.content import CertificateContent, Kind, ModuleLine, Signatory

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
