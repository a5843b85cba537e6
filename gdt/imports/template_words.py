"""The headers and choices of workbooks to fill in, in the languages of the network.

Each word is one that the reader of its kind knows, or the workbook could not come back; a test holds that.
"""

from collections.abc import Mapping
from typing import Final

from babel import Locale

LANGUAGES: Final = (
    *("en", "am", "ar", "es", "fil", "fr", "id", "kk", "km"),
    *("mn", "ms", "ru", "rw", "th", "ur", "vi", "zh"),
)
RIGHT_TO_LEFT: Final = frozenset({"ar", "ur"})

_IN_ORDER: Final = LANGUAGES[1:]


def _words(text: str) -> Mapping[str, str]:
    """The words of a line by language, in the order of `LANGUAGES`; an empty one stays English."""
    return {language: word for language, word in zip(_IN_ORDER, text.split("|"), strict=True) if word}


# am|ar|es|fil|fr|id|kk|km|mn|ms|ru|rw|th|ur|vi|zh
HEADERS: Final = {
    "full_name": _words(
        "ሙሉ ስም|الاسم الكامل|Nombre completo|Buong pangalan|Nom complet|Nama lengkap|Толық аты|ឈ្មោះពេញ|"
        "Бүтэн нэр|Nama penuh|Фамилия имя отчество|Amazina yombi|ชื่อ-นามสกุล|پورا نام|Họ và tên|姓名"
    ),
    "native_name": _words(
        "|الاسم بالعربية|Nombre nativo||Nom natif|Nama asli||ឈ្មោះជាភាសាខ្មែរ|Монгол нэр|Nama asli|||"
        "ชื่อภาษาไทย|نام اردو میں||中文姓名"
    ),
    "own_number": _words(
        "የተማሪ መለያ|الرقم الجامعي|Número de matrícula||Numéro d'étudiant|Nomor induk mahasiswa|"
        "Студент нөмірі|លេខសម្គាល់និស្សិត|Оюутны дугаар|No pelajar|Номер студента||รหัสนักศึกษา|رول نمبر|"
        "Mã sinh viên|学号"
    ),
    "staff_number": _words(
        "መለያ ቁጥር|رقم التعريف|Número de ID||Matricule|Nomor induk||អត្តលេខ||Nombor ID|Табельный номер||"
        "รหัสประจำตัว||Mã số ID|编号"
    ),
    "email": _words(
        "ኢሜይል|البريد الإلكتروني|Correo electrónico||Courriel|Surel|Электрондық пошта|អ៊ីមែល|Имэйл|Emel|"
        "Электронная почта|Imeyili|อีเมล|ای میل|Thư điện tử|电子邮箱"
    ),
    "gender": _words(
        "ፆታ|الجنس|Género|Kasarian|Genre|Jenis kelamin|Жынысы|ភេទ|Хүйс|Jantina|Пол|Igitsina|เพศ|جنس|"
        "Giới tính|性别"
    ),
    "guardian": _words(
        "የወላጅ ፈቃድ|موافقة ولي الأمر|Consentimiento de los padres|Pahintulot ng magulang|"
        "Consentement des parents|Persetujuan orang tua|Ата-ананың келісімі|ការយល់ព្រមរបស់អាណាព្យាបាល|"
        "Эцэг эхийн зөвшөөрөл|Kebenaran ibu bapa|Согласие родителей|Uruhushya rw'umubyeyi|"
        "ความยินยอมของผู้ปกครอง|سرپرست کی رضامندی|Sự đồng ý của phụ huynh|监护人同意"
    ),
    "attendance": _words(
        "መገኘት|الحضور|Asistencia|Pagdalo|Présence|Kehadiran|Қатысу|វត្តមាន|Ирц|Kehadiran|Посещаемость|"
        "Ubwitabire|การเข้าเรียน|حاضری|Chuyên cần|出勤率"
    ),
    "state": _words(
        "ሁኔታ|الحالة|Estado|Katayuan|Statut|Status|Күйі|ស្ថានភាព|Төлөв|Status|Статус|Imiterere|สถานะ|"
        "حیثیت|Trạng thái|状态"
    ),
    "completed_on": _words(
        "የማጠናቀቂያ ቀን|تاريخ الإكمال|Fecha de finalización||Date d'achèvement|Tanggal selesai|"
        "Аяқталған күні|កាលបរិច្ឆេទបញ្ចប់|Дууссан огноо|Tarikh tamat|Дата завершения||วันที่สำเร็จ|"
        "تاریخ تکمیل|Ngày hoàn thành|完成日期"
    ),
    "mark": _words(
        "ውጤት|الدرجة|Calificación|Marka|Note finale|Nilai|Балл|ពិន្ទុ|Оноо|Markah|Оценка|Amanota|คะแนน|"
        "حاصل کردہ نمبر|Điểm|成绩"
    ),
    "year": _words("ዓመት|السنة|Año|Taon|Année|Tahun|Жыл|ឆ្នាំ|Он|Tahun|Год|Umwaka|ปี|سال|Năm|年份"),
    "measure": _words(
        "መለኪያ|المؤشر|Indicador|Sukatan|Indicateur|Indikator|Көрсеткіш|សូចនាករ|Үзүүлэлт|Petunjuk|"
        "Показатель|Igipimo|ตัวชี้วัด|اشاریہ|Chỉ tiêu|指标"
    ),
    "module": _words(
        "ሞጁል|الوحدة|Módulo|Modyul|Module|Modul|Модулі|ម៉ូឌុល|Модуль|Modul|Модуль|Isomo|โมดูล|ماڈیول|Học phần|模块"
    ),
    "people": _words(
        "የሰዎች ብዛት|عدد الأشخاص|Número de personas|Bilang ng tao|Nombre de personnes|Jumlah orang|"
        "Адам саны|ចំនួនមនុស្ស|Хүний тоо|Bilangan orang|Количество|Abantu|จำนวนคน|تعداد|Số người|人数"
    ),
    "evidence": _words(
        "ማስረጃ|الدليل|Evidencia|Katibayan|Justificatif|Bukti|Дәлел|ភស្តុតាង|Баримт|Bukti|Подтверждение|"
        "Ikimenyetso|หลักฐาน|ثبوت|Minh chứng|证据"
    ),
}
CHOICES: Final = {
    "female": _words(
        "ሴት|أنثى|mujer|babae|femme|perempuan|әйел|ស្រី|эмэгтэй|perempuan|женский|gore|หญิง|عورت|nữ|女"
    ),
    "male": _words("ወንድ|ذكر|hombre|lalaki|homme|laki-laki|ер|ប្រុស|эрэгтэй|lelaki|мужской|gabo|ชาย|مرد|nam|男"),
    "other": _words(
        "ሌላ|أخرى|otro|iba|autre|lainnya|басқа|ផ្សេងទៀត|бусад|lain-lain|другой|ikindi|อื่นๆ|دیگر|khác|其他"
    ),
    "completed": _words(
        "አጠናቋል|مكتمل|completado|natapos|achevé|selesai|аяқтады|បានបញ្ចប់|дууссан|tamat|завершил|"
        "yarangije|สำเร็จ|مکمل|hoàn thành|完成"
    ),
    "enrolled": _words(
        "በመማር ላይ|مسجل|inscrito|kasalukuyan|inscrit|aktif|оқуда|កំពុងសិក្សា|суралцаж байгаа|berdaftar|"
        "обучается||กำลังเรียน|جاری|đang học|在读"
    ),
    "withdrew": _words(
        "አቋርጧል|منسحب|retirado|umalis|abandonné|berhenti|шығып кетті|ឈប់|гарсан|tarik diri|выбыл|yavuyemo|"
        "ลาออก|چھوڑ دیا|thôi học|退学"
    ),
}
NOTES: Final = _words(
    "በመጀመሪያው ገጽ በአንድ ረድፍ አንድ ብቻ ይጻፉ። የርዕስ ረድፉን አይቀይሩ።|"
    "اكتب صفًا واحدًا لكل شخص أو رقم في الورقة الأولى، واترك صف العناوين كما هو.|"
    "Escriba una fila por cada persona o número en la primera hoja. Deje la fila de encabezados como está.|"
    "Isang hilera bawat tao o bilang sa unang sheet. Huwag baguhin ang hilera ng pamagat.|"
    "Une ligne par personne ou par nombre dans la première feuille. Laissez la ligne d’en-tête telle quelle.|"
    "Tulis satu baris untuk setiap orang atau angka di lembar pertama. Biarkan baris judul apa adanya.|"
    "Бірінші парақта әр адамға немесе санға бір жол жазыңыз. Тақырып жолын өзгертпеңіз.|"
    "សូមសរសេរមួយជួរសម្រាប់មនុស្សម្នាក់ឬចំនួនមួយក្នុងសន្លឹកទីមួយ។ កុំប្តូរជួរក្បាល។|"
    "Эхний хуудсанд хүн эсвэл тоо бүрийг нэг мөрөнд бичнэ үү. Гарчгийн мөрийг бүү өөрчил.|"
    "Satu baris bagi setiap orang atau bilangan dalam helaian pertama. Biarkan baris tajuk.|"
    "Пишите по одной строке на человека или число на первом листе. Строку заголовков оставьте как есть.|"
    "Umurongo umwe kuri buri muntu cyangwa umubare ku rupapuro rwa mbere. Ntuhindure umurongo w’imitwe.|"
    "เขียนหนึ่งแถวต่อหนึ่งคนหรือหนึ่งจำนวนในแผ่นแรก อย่าแก้แถวหัวตาราง|"
    "پہلی شیٹ میں ہر فرد یا عدد کے لیے ایک قطار لکھیں۔ عنوانات کی قطار جوں کی توں رہنے دیں۔|"
    "Viết mỗi người hoặc mỗi con số một dòng ở trang đầu. Giữ nguyên dòng tiêu đề.|"
    "在第一张工作表中，每人或每个数字写一行。请勿改动标题行。"
)


def header_in(language: str, name: str, otherwise: str) -> str:
    """The header of a field in a language, the page's own word where the language has none."""
    return HEADERS.get(name, {}).get(language, otherwise)


def choice_in(language: str, choice: str) -> str:
    return CHOICES.get(choice, {}).get(language, choice)


def language_names() -> list[tuple[str, str]]:
    """The languages of workbooks, each by its own name."""
    named = [(code, Locale.parse(code).get_language_name() or code) for code in LANGUAGES]
    return [(code, name[:1].upper() + name[1:]) for code, name in named]
