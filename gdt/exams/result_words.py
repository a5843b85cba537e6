"""The words a sheet of results may use for its mark column, for a gradebook's items and for an absence."""

import re
from typing import Final

from gdt.columns import Vocabulary, header_key, vocabulary
from gdt.people.roster_words import ROSTER_WORDS

MARK: Final = (
    "mark|marks|score|scores|exam mark|exam score|test score|final mark|final score|total mark|"
    "total marks|total score|mark obtained|marks obtained|obtained marks|grade|final grade|exam grade|"
    "points|total points|percentage|percent|percentage mark|markah|markah akhir|markah peperiksaan|skor|"
    "skor akhir|nilai|nilai akhir|nilai ujian|คะแนน|คะแนนสอบ|คะแนนรวม|ผลคะแนน|điểm|điểm số|điểm thi|"
    "điểm tổng|tổng điểm|điểm tổng kết|ពិន្ទុ|ពិន្ទុសរុប|ពិន្ទុប្រឡង|оноо|нийт оноо|шалгалтын оноо|дүн|"
    "nota|notas|nota final|calificación|calificaciones|calificación final|calificación total|puntaje|"
    "puntuación|note|notes|note finale|note d'examen|ውጤት|ነጥብ|የፈተና ውጤት|балл|баллы|балы|ұпай|баға|"
    "итоговый балл|оценка|количество баллов|сумма баллов|成绩|分数|得分|总分|总成绩|考试成绩|考试分数|"
    "成績|分數|الدرجة|درجة|الدرجات|العلامة|المجموع|نمبر|حاصل کردہ نمبر|کل نمبر|marka|amanota|exam result|"
    "result|results|total|course total|total del curso|total du cours|课程总分|課程總分"
)
_ABSENT: Final = (
    "absent|abs|absence|ab|absentee|did not attend|dna|no show|not attended|not attempted|did not sit|"
    "tidak hadir|th|tidak ikut|ขาดสอบ|ขาด|ไม่เข้าสอบ|ไม่มาสอบ|vắng|vắng thi|vắng mặt|bỏ thi|អវត្តមាន|"
    "ирээгүй|тасалсан|ausente|no se presentó|no presentado|no asistió|np|absente|non présenté|ቀሪ|አልተገኘም|"
    "келмеді|келмеген|отсутствовал|отсутствовала|отсутствует|отсутствие|неявка|не явился|не явилась|н/я|"
    "缺考|缺席|غائب|غائبة|غیر حاضر|ntiyaje|wala|lumiban"
)
ABSENT_WORDS: Final = frozenset(header_key(word) for word in _ABSENT.split("|"))
DASHES: Final = frozenset({"-", "–", "—", "−", "--"})
RESULT_WORDS: Final[Vocabulary] = {**vocabulary(mark=MARK), **ROSTER_WORDS}

# Moodle's gradebook calls a column by its item and, in brackets, how the grade is shown.
_REAL: Final = (
    "real|réelle|brut|brute|nyata|sebenar|sesungguhnya|จริง|thực|giá trị thực|ពិត|бодит|значение|"
    "реальная|реальная оценка|нақты|实际|真实分数|實際|حقيقي|اصل|tunay|ትክክለኛ|nyayo"
)
_PERCENT: Final = (
    "percentage|percent|percentage mark|porcentaje|pourcentage|persentase|peratus|peratusan|ร้อยละ|"
    "เปอร์เซ็นต์|phần trăm|tỷ lệ phần trăm|ភាគរយ|хувь|процент|проценты|пайыз|百分比|百分數|"
    "النسبة المئوية|فیصد|bahagdan|በመቶ|ijanisha"
)
_REAL_KEYS: Final = frozenset(header_key(word) for word in _REAL.split("|"))
_PERCENT_KEYS: Final = frozenset(header_key(word) for word in _PERCENT.split("|"))
_ITEM: Final = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]\s*")


def says_percent(header: str) -> bool:
    """Tell whether a header says that its marks are percentages."""
    found = _ITEM.fullmatch(header)
    return header_key(found[2] if found else header) in _PERCENT_KEYS


def find_item(header: list[str]) -> int | None:
    """Return the column of a gradebook's one item, as grades before percentages; None if there are more.

    "Quiz: Final (Real)" is one; a course total is a mark by its own words, and no item.
    """
    shown: dict[str, list[tuple[bool, int]]] = {}
    for index, text in enumerate(header):
        found = _ITEM.fullmatch(text)
        how = header_key(found[2]) if found else ""
        if found and how in _REAL_KEYS | _PERCENT_KEYS and header_key(found[1]) not in RESULT_WORDS:
            shown.setdefault(header_key(found[1]), []).append((how in _PERCENT_KEYS, index))
    return min(next(iter(shown.values())))[1] if len(shown) == 1 else None
