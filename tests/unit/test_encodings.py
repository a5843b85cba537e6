"""Letters of old encodings: read where only one reading is likely, refused otherwise, never garbled."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdt.spreadsheets.encodings import decide_encoding
from gdt.spreadsheets.limits import Unreadable

SPANISH = [
    "José Muñoz",
    "María Peña",
    "Íñigo García",
    "Ángel Núñez",
    "Lucía Ibáñez",
    "Sofía Ordóñez",
    "Raúl León",
]
FRENCH = ["Hélène Dupré", "François Lévêque", "Zoë Maël", "Béatrice Uwimana", "Aimée Gaëlle", "Benoît Côté"]
THAI = ["สมชาย ใจดี", "สุดา แก้วมณี", "ธนพล ศรีสุข", "กิตติพงษ์ วงศ์ไทย", "พิมพ์ชนก แสงทอง", "ณัฐวุฒิ บุญมา"]
VIETNAMESE = [
    "Nguyễn Thị Ánh",
    "Trần Văn Hùng",
    "Lê Đức Thọ",
    "Phạm Thùy Dương",
    "Đặng Quốc Bảo",
    "Võ Thị Sáu",
]
RUSSIAN = [
    "Иванов Пётр",
    "Сидорова Анна",
    "Кузнецов Дмитрий",
    "Юлия Щукина",
    "Жанна Фёдорова",
    "Эльдар Хасанов",
]
KAZAKH = ["Әлия Қасымова", "Ұлан Ғабитұлы", "Нұрсұлтан Өмірбек", "Гүлнәр Әбішева", "Жәнібек Тоқаев"]
ARABIC = ["محمد علي", "فاطمة الزهراء", "أحمد بن صالح", "خديجة منصور", "يوسف الطرابلسي", "عائشة بلقاسم"]
SIMPLIFIED = ["王小明", "李丽", "陈美玲", "张伟", "刘洋", "赵子龙", "黄晓燕", "周杰"]
TRADITIONAL = ["王小明", "李麗", "陳美玲", "張偉", "劉洋", "趙子龍", "黃曉燕", "周傑"]


def cp1258(text):
    """Return Vietnamese as Windows once wrote it: base letters precomposed, tones as marks of their own."""
    out = []
    for letter in text:
        marks = [
            mark for mark in unicodedata.normalize("NFD", letter) if mark in "\u0300\u0301\u0303\u0309\u0323"
        ]
        if marks:
            rest = unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter).replace(marks[0], ""))
            out.append(rest + marks[0])
        else:
            out.append(letter)
    return "".join(out).encode("cp1258")


def decoded(data):
    encoding = decide_encoding(data)
    return unicodedata.normalize("NFC", data[encoding.start :].decode(encoding.name))


def refusal(data):
    with pytest.raises(Unreadable) as reason:
        decide_encoding(data)
    return reason.value


WRITTEN = [
    ("cp1252", "Nombre,Matrícula", SPANISH),
    ("mac_roman", "Nombre,Matrícula", SPANISH),
    ("cp850", "Nombre,Matrícula", SPANISH),
    ("cp1252", "Nom et prénom,N°", FRENCH),
    ("mac_roman", "Nom et prénom,N°", FRENCH),
    ("cp874", "ชื่อ-สกุล,รหัสนักศึกษา", THAI),
    ("cp1258", "Họ và tên,MSSV", VIETNAMESE),
    ("cp1251", "ФИО,номер", RUSSIAN),
    ("cp866", "ФИО,номер", RUSSIAN),
    ("koi8_r", "ФИО,номер", RUSSIAN),
    ("kz1048", "Аты-жөні,нөмірі", KAZAKH),
    ("cp1256", "الاسم,الرقم الجامعي", ARABIC),
    ("gb18030", "姓名,学号", SIMPLIFIED),
    ("cp950", "姓名,學號", TRADITIONAL),
]


def bytes_of(text, encoding):
    return cp1258(text) if encoding == "cp1258" else text.encode(encoding)


@pytest.mark.parametrize(("encoding", "header", "names"), WRITTEN)
class TestOurCountries:
    def test_a_roster_is_read(self, encoding, header, names):
        text = header + "\r\n" + "".join(f"{name},{place}\r\n" for place, name in enumerate(names))
        assert decoded(bytes_of(text, encoding)) == text

    @settings(max_examples=60)
    @given(pick=st.data())
    def test_a_few_names_are_read_right_or_refused(self, encoding, header, names, pick):
        chosen = pick.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4))
        change = pick.draw(st.sampled_from([str, str.upper, str.lower]))
        text = pick.draw(st.sampled_from(["", "Name\n", "List of students,2026\n"])) + change(
            "\n".join(chosen)
        )
        try:
            data = bytes_of(text, encoding)
        except UnicodeEncodeError:
            return
        try:
            assert decoded(data) == unicodedata.normalize("NFC", text)
        except Unreadable as reason:
            assert reason.code in {"wrong_encoding", "vietnamese_font"}

    def test_a_cut_letter_at_the_end_is_not_made_up_for(self, encoding, header, names):
        data = bytes_of(f"{header}\n" + "\n".join(names), encoding)
        if encoding in {"gb18030", "cp950"}:
            assert refusal(data[:-1]).code == "wrong_encoding"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("이름,번호\n김민수,1\n이영희,2\n박지훈,3", "euc_kr"),
        ("氏名,番号\n山田太郎,1\nさとうはなこ,2\nスズキ,3", "shift_jis"),
        ("氏名,番号\nやまだたろう,1\nさとうはなこ,2", "euc_jp"),
        ("imię,nr\nWałęsa,1\nŚwiątek,2\nŻółć,3", "cp1250"),
        ("jméno\nDvořák\nJiří\nŠtěpán", "cp1250"),
        ("Jiří Dvořák", "cp1250"),
        ("όνομα,αριθμός\nΠαπαδόπουλος,1\nΓιώργος,2", "cp1253"),
        ("שם,מספר\nמשה כהן,1\nשרה לוי,2", "cp1255"),
        ("isim\nÇağrı Şahin\nİbrahim Yıldız\nGüneş", "cp1254"),
        ("ім'я\nЄвген Їжак\nҐалаґан", "cp1251"),
        ("Име\nЂорђе Њего\nЉубица Ћосић", "cp1251"),
    ],
)
def test_a_country_that_is_not_ours_is_refused_rather_than_garbled(text, encoding):
    assert refusal(text.encode(encoding, "ignore")).code == "wrong_encoding"


def test_mongolian_typed_with_the_letters_of_ukraine_is_refused():
    assert refusal("нэр\nБат-Эрдэнэ\nЄнєрцэцэг\nТїмэн".encode("cp1251")).code == "wrong_encoding"


def test_old_vietnamese_fonts_are_named():
    table = {
        "ễ": 0xD4,
        "ị": 0xDE,
        "á": 0xB8,
        "ầ": 0xC7,
        "ă": 0xA8,
        "ù": 0xEF,
        "ọ": 0xE4,
        "à": 0xB5,
        "ê": 0xAA,
        "ế": 0xD5,
    }
    text = "Họ và tên\nNguyễn Thị Hai\nTrần Văn Hùng\nLê Văn Tiến"
    assert refusal(bytes(table.get(one, ord(one) & 0xFF) for one in text)).code == "vietnamese_font"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"name\nGarc\x92a\n", "an apostrophe of Windows or an i of the Macintosh"),
        ("备注\n".encode("gb18030"), "two Chinese letters may be four Thai ones"),
        (b"name\nHern\xa0ndez\n", "a blank of Windows or an a of DOS"),
        ("иванов пётр".encode("koi8_r"), "small letters of one are capitals of the other"),
    ],
)
def test_what_can_be_read_two_ways_is_refused(data, why):
    assert refusal(data).code == "wrong_encoding", why


def test_a_damaged_utf_8_file_is_no_other_encoding():
    text = "Nombre\n" + "\n".join(SPANISH * 3)
    reason = refusal(text.encode().replace("Raúl".encode(), b"Ra\xfal", 1))
    assert (reason.code, reason.facts["line"]) == ("wrong_encoding", 8)


@pytest.mark.parametrize("names", [SPANISH, FRENCH, THAI, VIETNAMESE, RUSSIAN, KAZAKH, ARABIC, SIMPLIFIED])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_its_mark(names, encoding):
    text = "name,no\n" + "".join(f"{name},{place}\n" for place, name in enumerate(names))
    assert decoded(text.encode(encoding)) == text


@settings(max_examples=400)
@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_are_read_whole_or_refused(data):
    try:
        decided = decide_encoding(data)
    except Unreadable:
        return
    assert data[decided.start :].decode(decided.name) is not None
