"""What a roster says of guardians: who of its people is of age, and for whom a parent or guardian agreed."""

from enum import StrEnum
from typing import Final

from flask_babel import gettext as _

from gdt.columns import header_key


class GuardianWord(StrEnum):
    """What a row says of its student's guardian; nobody's age is asked or kept."""

    AGREED = "agreed"
    OF_AGE = "of age"


GUARDIAN: Final = (
    "guardian|guardian consent|guardian's consent|consent of guardian|consent of a guardian|"
    "parent or guardian|parent/guardian consent|parental consent|parent consent|parent's consent|"
    "parents' consent|consent of parent|consent of parents|consent|izin orang tua|persetujuan orang tua|"
    "persetujuan wali|izin wali|kebenaran ibu bapa|kebenaran penjaga|persetujuan ibu bapa|"
    "ความยินยอมของผู้ปกครอง|ผู้ปกครองยินยอม|sự đồng ý của phụ huynh|phụ huynh đồng ý|"
    "sự đồng ý của người giám hộ|ការយល់ព្រមរបស់អាណាព្យាបាល|асран хамгаалагчийн зөвшөөрөл|"
    "эцэг эхийн зөвшөөрөл|consentimiento de los padres|consentimiento del tutor|autorización de los padres|"
    "consentement des parents|consentement du tuteur|accord parental|autorisation parentale|የወላጅ ፈቃድ|"
    "የአሳዳጊ ፈቃድ|ата-ананың келісімі|согласие родителей|согласие опекуна|监护人同意|家长同意|監護人同意|"
    "موافقة ولي الأمر|سرپرست کی رضامندی|pahintulot ng magulang|uruhushya rw'umubyeyi"
)
_WORDS: Final = {
    GuardianWord.AGREED: (
        "yes|y|agreed|given|signed|consent given|has consent|ok|ya|ada|sudah|setuju|ใช่|ยินยอม|มี|có|đồng ý|"
        "បាទ|យល់ព្រម|тийм|зөвшөөрсөн|sí|oui|da|iyo|yego|አዎ|иә|да|есть|согласен|согласны|是|有|同意|已同意|"
        "نعم|موافق|ہاں|جی ہاں|oo|✓|✔"
    ),
    GuardianWord.OF_AGE: (
        "of age|adult|of full age|grown up|18+|over 18|18 or over|not needed|not required|not a minor|"
        "dewasa|cukup umur|tidak perlu|tidak diperlukan|บรรลุนิติภาวะ|ไม่จำเป็น|ผู้ใหญ่|người lớn|đủ tuổi|"
        "không cần|ពេញវ័យ|насанд хүрсэн|mayor de edad|adulto|adulta|no hace falta|majeur|majeure|adulte|"
        "pas nécessaire|ለአካለ መጠን የደረሰ|кәмелетке толған|совершеннолетний|совершеннолетняя|не нужно|"
        "成年|已成年|不需要|无需|بالغ|غير مطلوب|may edad na|mukuru"
    ),
    None: (
        "no|n|not yet|missing|none|tidak|belum|ไม่|ยังไม่|không|chưa|ទេ|үгүй|non|oya|አይ|жоқ|нет|否|没有|"
        "لا|نہیں|hindi"
    ),
}
_MEANT: Final = {
    header_key(word) or word: meant for meant, words in _WORDS.items() for word in words.split("|")
}


def guardian_word(text: str) -> tuple[str | None, str]:
    """Return what a cell says of a guardian, and what is wrong with it: it has to say one of the two."""
    if not text:
        return None, _(
            "It is not said whether a parent or guardian agreed. Write yes, or “of age” for a student who "
            "is old enough to agree alone. The rules of your country say how old that is."
        )
    key = header_key(text) or text
    if key not in _MEANT:
        return None, _("This word is not known here. Write yes if a parent or guardian agreed, or “of age”.")
    meant = _MEANT[key]
    if meant is None:
        return None, _(
            "Without the consent of a parent or guardian this student cannot be entered. Ask for it, then "
            "write yes."
        )
    return meant.value, ""
