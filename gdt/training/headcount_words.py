"""The words a sheet of headcounts may use for its columns and for what is counted."""

from typing import Final

from gdt.columns import Vocabulary, header_key, vocabulary

YEAR: Final = (
    "year|calendar year|reporting year|for the year|tahun|ปี|พ.ศ.|năm|ឆ្នាំ|он|año|année|annee|ዓመት|жыл|"
    "жылы|год|年|年份|年度|السنة|العام|سال|taon|umwaka"
)
MEASURE: Final = (
    "what is counted|measure|counted|indicator|kind of number|category|yang dikira|ukuran|petunjuk|"
    "indikator|ตัวชี้วัด|chỉ số|chỉ tiêu|សូចនាករ|үзүүлэлт|medida|indicador|lo que se cuenta|mesure|"
    "indicateur|መለኪያ|көрсеткіш|показатель|指标|類別|类别|指標|المؤشر|اشاریہ|sukatan|igipimo"
)
MODULE: Final = (
    "module|module code|course|subject|modul|โมดูล|mô-đun|học phần|ម៉ូឌុល|модуль|модул|módulo|curso|ሞጁል|"
    "модулі|模块|模組|课程|課程|الوحدة|ماڈیول|modyul|isomo"
)
PEOPLE: Final = (
    "people|number of people|number|headcount|head count|count|how many|students|teachers|bilangan|"
    "jumlah|jumlah orang|bilangan orang|จำนวน|จำนวนคน|số người|số lượng|ចំនួន|ចំនួនមនុស្ស|тоо|хүний тоо|"
    "personas|número de personas|cantidad|nombre de personnes|effectif|personnes|ብዛት|የሰዎች ብዛት|саны|"
    "адам саны|адамдар|человек|количество|число людей|人数|人數|العدد|عدد الأشخاص|تعداد|افراد|bilang|"
    "bilang ng tao|abantu|umubare"
)
EVIDENCE: Final = (
    "evidence|proof|source|shown by|reference|document|bukti|sumber|หลักฐาน|bằng chứng|minh chứng|"
    "ភស្តុតាង|нотолгоо|баримт|evidencia|prueba|fuente|preuve|justificatif|source|ማስረጃ|дәлел|"
    "растайтын құжат|подтверждение|основание|документ|证据|證據|证明|الدليل|الإثبات|ثبوت|katibayan|"
    "ikimenyetso"
)
HEADCOUNT_WORDS: Final[Vocabulary] = vocabulary(
    year=YEAR, measure=MEASURE, module=MODULE, people=PEOPLE, evidence=EVIDENCE
)

_MEASURES: Final = {
    "teachers certified": (
        "teachers certified|certified teachers|teachers|guru bertauliah|guru tersertifikasi|"
        "ครูที่ได้รับการรับรอง|giáo viên được chứng nhận|គ្រូដែលបានទទួលស្គាល់|гэрчилгээжсэн багш|"
        "docentes certificados|profesores certificados|enseignants certifiés|የተመሰከረላቸው መምህራን|"
        "сертификатталған оқытушылар|сертифицированные преподаватели|认证教师|認證教師|"
        "المعلمون المعتمدون|تصدیق شدہ اساتذہ|mga gurong sertipikado|abarimu bahawe impamyabumenyi"
    ),
    "students trained": (
        "students trained|trained students|students|pelajar dilatih|siswa dilatih|mahasiswa dilatih|"
        "นักศึกษาที่ผ่านการอบรม|sinh viên được đào tạo|និស្សិតដែលបានបណ្តុះបណ្តាល|"
        "сургалтад хамрагдсан оюутан|estudiantes formados|estudiantes capacitados|étudiants formés|"
        "የሰለጠኑ ተማሪዎች|оқытылған студенттер|обученные студенты|受训学生|受訓學生|الطلاب المدربون|"
        "تربیت یافتہ طلبہ|mga mag-aaral na sinanay|abanyeshuri bahuguwe"
    ),
    "exams taken": (
        "exams taken|exams|peperiksaan diambil|ujian diikuti|การสอบทั้งหมด|số bài thi|ការប្រឡង|"
        "өгсөн шалгалт|exámenes realizados|exámenes rendidos|examens passés|የተወሰዱ ፈተናዎች|"
        "тапсырылған емтихандар|сданные экзамены и попытки|экзамены проведены|参加考试|參加考試|"
        "الامتحانات المؤداة|دیے گئے امتحانات|mga pagsusulit na kinuha|ibizamini byakozwe"
    ),
    "exams passed": (
        "exams passed|passed exams|peperiksaan lulus|ujian lulus|การสอบที่ผ่าน|số bài thi đạt|"
        "ការប្រឡងជាប់|тэнцсэн шалгалт|exámenes aprobados|examens réussis|የታለፉ ፈተናዎች|өткен емтихандар|"
        "успешно сданные экзамены|通过考试|通過考試|الامتحانات المجتازة|پاس کیے گئے امتحانات|"
        "mga pagsusulit na naipasa|ibizamini byatsinzwe"
    ),
}
MEASURE_WORDS: Final = {
    header_key(word): measure for measure, words in _MEASURES.items() for word in words.split("|")
}
