"""The words with which a last row says that it adds up the others, in the languages of the network."""

import re
import unicodedata
from typing import Final

_TOTALS: Final = (
    "total|totals|grand total|sub total|subtotal|sum|average|mean|count|total students|"
    "total participants|number of students|overall average|group average|class average|"
    "rata-rata keseluruhan|purata keseluruhan|ค่าเฉลี่ยรวม|trung bình chung|trung bình toàn bộ|"
    "promedio general|media general|calificación promedio|moyenne générale|moyenne globale|общее среднее|"
    "среднее по всем|общая средняя оценка|жалпы орташа|нийт дундаж|总体平均分|总平均分|總平均|"
    "المتوسط العام|المعدل العام|مجموعی اوسط|kabuuang average|jumlah|jumlah pelajar|jumlah besar|"
    "rata-rata|purata|รวม|รวมทั้งหมด|รวมทั้งสิ้น|จำนวนนักศึกษา|เฉลี่ย|ค่าเฉลี่ย|tổng|tổng cộng|tổng số|"
    "cộng|trung bình|សរុប|មធ្យម|нийт|бүгд|дундаж|total general|suma|promedio|media|totaux|total général|"
    "somme|moyenne|ድምር|ጠቅላላ|አማካይ|барлығы|жиыны|орташа|итого|всего|сумма|среднее|合计|总计|总数|小计|平均|"
    "平均分|合計|總計|總數|المجموع|الإجمالي|المعدل|متوسط|المتوسط|کل|مجموعہ|میزان|اوسط|kabuuan|igiteranyo"
)
_NUMBER: Final = re.compile(r"[\d\s.,%/+\-()٪٫٬]*")
_LETTERS: Final = re.compile(r"[^\w\s]|\d|_")


def _key(text: str) -> str:
    return " ".join(_LETTERS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split())


_WORDS: Final = frozenset(_key(word) for word in _TOTALS.split("|"))


def is_total(cells: list[str]) -> bool:
    """Tell whether a row says "total" or the like in its first filled cell and has only numbers beside it."""
    filled = [cell for cell in cells if cell]
    if not filled or _key(filled[0]) not in _WORDS:
        return False
    has_number = any(letter.isdigit() for cell in filled for letter in cell)
    return has_number and all(_NUMBER.fullmatch(cell) for cell in filled[1:])
