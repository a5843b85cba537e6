import dataclasses
from itertools import combinations

import pytest

from certificates import Box, Kind, ModuleLine, Signatory, example_content, lay_out, newest_design
from certificates.designs import PAGE
from certificates.layout import address, fixed_layout
from certificates.qr import qr_symbol

TEACHER = example_content(Kind.TEACHER)
LONG_NAME = "Wickramasinghe Mudiyanselage Nuwan Chaminda Bandara Wijesundara Rajapakse Ekanayake Perera"
FOUR = (
    Signatory(name="Lin Meihua", title="Programme Director"),
    Signatory(name="Ahmad Faizal bin Osman", title="Dean, Faculty of Business and Finance"),
    Signatory(name="Dr Nurul Aisyah binti Abdul Rahman", title="Vice-Chancellor"),
    Signatory(name="ศ.ดร. สมชาย ศรีสุข", title="คณบดีคณะพาณิชยศาสตร์และการบัญชี"),
)
CROWDED = dataclasses.replace(
    TEACHER,
    printed_name=LONG_NAME,
    native_name="விக்ரமசிங்க முதியன்சேலாகே நுவன் சமிந்த பண்டார விஜேசுந்தர ராஜபக்ஷ ஏகநாயக்க பெரேரா",
    institution="Instituto Tecnológico y de Estudios Superiores de Monterrey, Escuela de Negocios Digitales",
    institution_native="สถาบันเทคโนโลยีพระจอมเกล้าเจ้าคุณทหารลาดกระบัง คณะบริหารธุรกิจ",
    achievement="Digital Commerce, New Retail, Smart Logistics and Cross-border Trade for Enterprises",
    modules=tuple(ModuleLine(title=f"Cross-border Trade and Logistics {n}", hours=12) for n in range(12)),
    place="Centro de Convenciones Internacional de la Ciudad de México, salón Benito Juárez",
    signatories=FOUR,
    language="es",
)
CASES = {
    "four signatories, 90 characters, two scripts": CROWDED,
    "the longest Arabic": dataclasses.replace(
        CROWDED, native_name="محمّد الأمين بن علي بن عبد الرحمن " * 3 + "التونسي"
    ),
    "stacked Khmer": dataclasses.replace(
        CROWDED, printed_name="សុខ វិបុល ចន្ទ្រា ស្រីពៅ " * 3 + "ចន្ទ្រា", native_name="ស្រីពៅ ចន្ទ្រា"
    ),
    "Urdu": dataclasses.replace(TEACHER, native_name="ڈاکٹر عمر فاروق چھٹّہ", signatories=FOUR[:3]),
    "one word without end": dataclasses.replace(TEACHER, printed_name="W" * 120, native_name="国" * 120),
    "nothing optional": dataclasses.replace(
        TEACHER,
        native_name=None,
        institution_native=None,
        modules=(),
        held_from=None,
        held_to=None,
        mode=None,
        place=None,
        valid_until=None,
        signatories=(),
    ),
    "one letter": dataclasses.replace(TEACHER, printed_name="O", native_name=None),
} | {kind.value: example_content(kind) for kind in Kind}
CASES |= {
    f"{kind} in {language}": dataclasses.replace(example_content(kind), language=language)
    for kind in Kind
    for language in ("es-MX", "fr", "id", "ms", "vi", "zh")
}


def _everything(content):
    """Return the boxes of all text, the symbol with its quiet zone, and the inside of the frame."""
    design = newest_design(content.kind)
    boxes = [*lay_out(content, design).boxes, *fixed_layout(design, content.language).boxes]
    check = design.check
    quiet = 4 * check.size / qr_symbol(content.verify_url).size
    side = check.size + quiet
    boxes.append(Box("symbol", check.x - quiet, check.y - quiet, check.x + side, check.y + side))
    edge = design.border.inset + design.border.width + 2.5
    return boxes, Box("frame", edge, edge, PAGE[0] - edge, PAGE[1] - edge)


@pytest.mark.parametrize("case", CASES)
def test_nothing_leaves_the_frame(case):
    boxes, frame = _everything(CASES[case])
    outside = [
        box
        for box in boxes
        if box.left < frame.left
        or box.right > frame.right
        or box.bottom < frame.bottom
        or box.top > frame.top
    ]
    assert outside == []


@pytest.mark.parametrize("case", CASES)
def test_nothing_overlaps(case):
    boxes, _frame = _everything(CASES[case])
    slack = 0.75  # hairs of neighbouring lines may come this close, in points
    overlaps = [
        (one, two)
        for one, two in combinations(boxes, 2)
        if min(one.right, two.right) - max(one.left, two.left) > slack
        and min(one.top, two.top) - max(one.bottom, two.bottom) > slack
    ]
    assert overlaps == []


@pytest.mark.parametrize("case", [case for case in CASES if case != "one word without end"])
def test_the_holders_name_is_the_largest_thing(case):
    content = CASES[case]
    design = newest_design(content.kind)
    lines = lay_out(content, design).lines
    name = min(line.size for line in lines if line.role == "name")
    rest = [
        line.size for line in (*lines, *fixed_layout(design, content.language).lines) if line.role != "name"
    ]
    assert name > max(rest)


def test_the_native_name_is_as_large_as_the_printed_one():
    sizes = {line.size for line in lay_out(TEACHER, newest_design(Kind.TEACHER)).lines if line.role == "name"}
    assert len(sizes) == 1


def test_a_long_name_wraps_without_losing_a_word():
    lines = lay_out(CROWDED, newest_design(Kind.TEACHER)).lines
    assert LONG_NAME in " ".join(line.text for line in lines if line.role == "name")


def test_every_fact_of_the_content_is_on_the_sheet():
    text = " ".join(line.text for line in lay_out(TEACHER, newest_design(Kind.TEACHER)).lines)
    facts = [
        *(TEACHER.printed_name, TEACHER.native_name, TEACHER.institution, TEACHER.institution_native),
        *(TEACHER.country, TEACHER.achievement, TEACHER.number, TEACHER.place, TEACHER.mode),
        *("New Retail, 12\u00a0hours", "3–7 Nov 2026", "21 Nov 2026", "20 Nov 2029", "Lin Meihua"),
        *("7K3M-9QXR-2TBW-5HNC- 8DVF-4GZJ-PA", "gdt.example.org/verify"),
    ]
    assert [fact for fact in facts if fact not in text] == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://gdt.example.org/verify/7K3M9QXR2TBW5HNC8DVF4GZJPA", "gdt.example.org/verify"),
        ("https://gdt.example.org/v?c=7K3M-9QXR-2TBW-5HNC-8DVF-4GZJ-PA", "gdt.example.org/v?c"),
        ("http://127.0.0.1:5000/verify", "127.0.0.1:5000/verify"),
    ],
)
def test_the_verify_address_is_printed_without_scheme_and_code(url, words):
    assert address(dataclasses.replace(TEACHER, verify_url=url)) == words


def test_a_heading_is_in_small_capitals_wholly_or_not_at_all():
    design = newest_design(Kind.TEACHER)
    heading = {
        language: next(line for line in fixed_layout(design, language).lines if "Teacher" in line.text)
        for language in ("en", "vi")
    }
    assert heading["en"].style.small_caps
    assert not heading["vi"].style.small_caps
