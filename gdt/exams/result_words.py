"""The words a sheet of results may use for its mark column and for an absence."""

from typing import Final

from gdt.columns import Vocabulary, header_key, vocabulary
from gdt.people.roster_words import ROSTER_WORDS

MARK: Final = (
    "mark|marks|score|scores|exam mark|exam score|test score|final mark|final score|total mark|"
    "total marks|total score|mark obtained|marks obtained|obtained marks|grade|final grade|exam grade|"
    "points|total points|percentage|percent|percentage mark|markah|markah akhir|markah peperiksaan|"
    "skor|skor akhir|nilai|nilai akhir|nilai ujian|คะแนน|คะแนนสอบ|คะแนนรวม|ผลคะแนน|điểm|điểm số|"
    "điểm thi|điểm tổng|tổng điểm|điểm tổng kết|ពិន្ទុ|ពិន្ទុសរុប|ពិន្ទុប្រឡង|оноо|нийт оноо|"
    "шалгалтын оноо|дүн|nota|notas|nota final|calificación|calificaciones|calificación final|"
    "calificación total|puntaje|puntuación|note|notes|note finale|note d'examen|ውጤት|ነጥብ|የፈተና ውጤት|балл|"
    "баллы|балы|ұпай|баға|итоговый балл|оценка|количество баллов|сумма баллов|成绩|分数|得分|总分|"
    "总成绩|考试成绩|考试分数|成績|分數|الدرجة|درجة|الدرجات|العلامة|المجموع|نمبر|حاصل کردہ نمبر|"
    "کل نمبر|marka|amanota|exam result|result|results|total|"
    "course total|total del curso|total du cours|课程总分|課程總分"
)
_ABSENT: Final = (
    "absent|abs|absence|ab|absentee|did not attend|dna|no show|not attended|not attempted|did not sit|"
    "tidak hadir|th|tidak ikut|ขาดสอบ|ขาด|ไม่เข้าสอบ|ไม่มาสอบ|vắng|vắng thi|vắng mặt|bỏ thi|អវត្តមាន|"
    "ирээгүй|тасалсан|ausente|no se presentó|no presentado|no asistió|np|absente|non présenté|ቀሪ|"
    "አልተገኘም|келмеді|келмеген|отсутствовал|отсутствовала|отсутствует|отсутствие|неявка|не явился|"
    "не явилась|н/я|缺考|缺席|غائب|غائبة|غیر حاضر|ntiyaje|wala|lumiban"
)
ABSENT_WORDS: Final = frozenset(header_key(word) for word in _ABSENT.split("|"))
DASHES: Final = frozenset({"-", "–", "—", "−", "--"})
RESULT_WORDS: Final[Vocabulary] = {**vocabulary(mark=MARK), **ROSTER_WORDS}
