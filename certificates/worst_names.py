"""The worst names we know, to try a design with: long, short, stacked, right to left, in twelve scripts."""

import dataclasses
from collections.abc import Iterator

from certificates.content import CertificateContent, Kind, Signatory
from certificates.design_parts import Design
from certificates.examples import example_content

WORST_NAMES: dict[str, tuple[str, str | None]] = {
    "Longest Latin, with Tamil": (
        "Wickramasinghe Mudiyanselage Nuwan Chaminda Bandara Wijesundara Rajapakse Ekanayake Perera",
        "விக்ரமசிங்க முதியன்சேலாகே நுவன் சமிந்த பண்டார விஜேசுந்தர ராஜபக்ஷ ஏகநாயக்க பெரேரா",
    ),
    "Longest Arabic": (
        "Muḥammad al-Amīn ibn ʿAlī ibn ʿAbd ar-Raḥmān ibn al-Ḥusayn at-Tūnisī al-Qayrawānī",
        "محمّد الأمين بن علي بن عبد الرحمن بن الحسين بن عبد العزيز بن إبراهيم التونسي القيرواني",
    ),
    "Mononym": ("Suharto", None),
    "One letter": ("O", "오"),
    "Stacked Vietnamese": ("Nguyễn Ngọc Quỳnh Như Ỷ Ẵng Ễ Ợ", None),
    "Stacked Thai": ("ทรงกลด ปิ่นเกล้า ก็น้ำผึ้ง ศักดิ์สิทธิ์", "Songklod Pinklao"),
    "Stacked Khmer": ("ចន្ទ្រា ស្រីពៅ ឧត្តមបុត្រី ស្ត្រីម្នាក់", "Chantrea Sreypov"),
    "Rare Chinese": ("龚铉喆堃璟𬭎𠮷", "Gong Xuanzhe"),
    "Amharic": ("ተስፋዬ ገብረማርያም ወልደሚካኤል", "Tesfaye Gebremariam Woldemichael"),
    "Mongolian": ("Өнөрбаярын Үүрийнтуяа Цэрэндулам", None),
    "Kazakh": ("Әлия Құрманғазықызы Нұрсұлтанбекова", None),
    "Devanagari": ("श्रीकृष्ण ज्ञानेश्वर त्र्यंबक क्ष्मा", "Shri Krishna Dnyaneshwar"),
    "Tamil": ("ஸ்ரீ கௌரி சௌந்தர்யலக்ஷ்மி", None),
    "Urdu": ("ڈاکٹر عمر فاروق چھٹّہ نُورُالہُدیٰ", "Dr Umar Farooq Chattha"),
    "Two scripts in one name": ("Lucía 王 Fernández محمّد Özgür", None),
    "One word without end": ("W" * 90, "国" * 60),
    "Apostrophes and hyphens": ("María-José O’Connor-d’Ávila y Núñez de la Peña", "N’Guessan Ané-Koffi"),
}
"""What makes each bad, to the printed name and the native name."""

SPECIMEN = "Specimen"
"""Stands where a certificate has its number."""

_SIGNATORIES = (
    Signatory(name="Lin Meihua", title="Programme Director"),
    Signatory(name="Ahmad Faizal bin Osman", title="Dean, Faculty of Business and Finance"),
    Signatory(name="Dr Nurul Aisyah binti Abdul Rahman", title="Vice-Chancellor"),
    Signatory(name="ศ.ดร. สมชาย ศรีสุข", title="คณบดีคณะพาณิชยศาสตร์และการบัญชี"),
)


def worst_contents(design: Design, language: str = "en") -> Iterator[tuple[str, CertificateContent]]:
    """Yield each worst name on a specimen of the design's kind: (what makes it bad, content).

    The first is crowded in every other way too: a long institution, many modules, four signatories.
    """
    plain = dataclasses.replace(example_content(design.kind), number=SPECIMEN, language=language)
    for place, (label, (printed, native)) in enumerate(WORST_NAMES.items()):
        content = plain if place else _crowded(plain)
        named = content.institution
        if design.kind is Kind.PARTNER and not place:
            named = printed[:90]
        yield (
            label,
            dataclasses.replace(content, printed_name=printed, native_name=native, institution=named),
        )


def _crowded(content: CertificateContent) -> CertificateContent:
    modules = tuple(
        dataclasses.replace(module, title=f"{module.title} and Cross-border Trade {place}")
        for place in range(1, 4)
        for module in content.modules
    )
    return dataclasses.replace(
        content,
        institution="Instituto Tecnológico y de Estudios Superiores de Monterrey, Escuela de Negocios",
        institution_native="สถาบันเทคโนโลยีพระจอมเกล้าเจ้าคุณทหารลาดกระบัง คณะบริหารธุรกิจ",
        achievement="Digital Commerce, New Retail, Smart Logistics and Cross-border Trade for Enterprises",
        modules=modules,
        place=content.place and "Centro de Convenciones Internacional de la Ciudad de México, salón Juárez",
        signatories=_SIGNATORIES,
    )
