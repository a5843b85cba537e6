"""The words a roster may use for its columns and for gender, in the languages of the network."""

from typing import Final

from gdt.columns import header_key, vocabulary
from gdt.people.guardians import GUARDIAN

FULL_NAME: Final = (
    "name on certificate|certificate name|name to be printed|printed name|full name|fullname|"
    "student full name|name in full|complete name|name as in passport|passport name|name in passport|"
    "name as in ic|name in english|latin name|name in latin|romanised name|romanized name|pinyin|"
    "student name|name of student|student's name|students name|learner name|participant name|"
    "trainee name|candidate name|teacher name|lecturer name|nama penuh|nama pelajar|nama peserta|"
    "nama lengkap|nama siswa|nama mahasiswa|ชื่อ-สกุล|ชื่อ-นามสกุล|ชื่อและนามสกุล|ชื่อ นามสกุล|ชื่อเต็ม|"
    "ชื่อนักศึกษา|ชื่อ-สกุลนักศึกษา|họ và tên|họ tên|họ và tên sinh viên|tên sinh viên|họ tên sinh viên|"
    "ឈ្មោះពេញ|គោត្តនាម និងនាម|ឈ្មោះនិស្សិត|ឈ្មោះសិស្ស|нэр овог|овог нэр|бүтэн нэр|оюутны нэр|"
    "nombre completo|nombre y apellido|nombre y apellidos|nombres y apellidos|apellidos y nombres|"
    "apellidos y nombre|apellido y nombre|nombre del estudiante|nombre del alumno|nombre estudiante|"
    "nom complet|nom et prénom|nom et prénoms|noms et prénoms|nom de l'étudiant|amazina yombi|amazina|"
    "ሙሉ ስም|የተማሪ ስም|የተማሪው ስም|аты-жөні|аты жөні|толық аты|тегі аты|фио|ф.и.о.|фамилия имя отчество|"
    "полное имя|имя и фамилия|фамилия и имя|фамилия имя|имя студента|студент|姓名|学生姓名|學生姓名|"
    "学员姓名|全名|名字|名前|拼音|الاسم الكامل|الاسم|اسم الطالب|اسم الطالبة|پورا نام|نام|طالب علم کا نام|"
    "buong pangalan|student"
)
# A word that is the whole name where it stands alone, and a part of it beside a column for the other part.
BARE_NAME: Final = "name|nama|ชื่อ|tên|ឈ្មោះ|នាម|нэр|nombre|nombres|nom|noms|ስም|аты|есімі|имя|اسم|pangalan|izina"
GIVEN_NAME: Final = (
    "first name|firstname|given name|given names|forename|forenames|fname|first|primer nombre|prénom|"
    "prénoms|nama depan|nama pertama|tên đệm và tên|ชื่อจริง|ชื่อตัว|名|الاسم الأول|پہلا نام|የመጀመሪያ ስም|"
    "өз аты"
)
FAMILY_NAME: Final = (
    "last name|lastname|surname|family name|lname|last|apellido|apellidos|primer apellido|"
    "apellido paterno|nom de famille|nama keluarga|nama belakang|nama akhir|الاسم الأخير|นามสกุล|สกุล|họ|"
    "họ đệm|họ và tên đệm|họ lót|គោត្តនាម|នាមត្រកូល|овог|ургийн овог|тегі|фамилия|姓|姓氏|اسم العائلة|"
    "اللقب|خاندانی نام|የአባት ስም|apelyido"
)
MIDDLE_NAME: Final = (
    "middle name|middle names|middlename|second name|father's name|father name|grandfather's name|"
    "segundo nombre|segundo apellido|apellido materno|tên đệm|отчество|әкесінің аты|የአያት ስም|ชื่อกลาง"
)
NATIVE_NAME: Final = (
    "native name|name in native script|native script name|name in own script|name in local script|"
    "local name|name in local language|name in native language|name in mother tongue|original name|"
    "chinese name|name in chinese|thai name|name in thai|khmer name|name in khmer|mongolian name|"
    "name in mongolian|arabic name|name in arabic|urdu name|name in urdu|amharic name|name in amharic|"
    "kazakh name|name in kazakh|russian name|name in russian|vietnamese name|tamil name|name in tamil|"
    "中文姓名|中文名|中文名字|ชื่อภาษาไทย|ชื่อไทย|ชื่อ-สกุล (ไทย)|ឈ្មោះជាភាសាខ្មែរ|ឈ្មោះខ្មែរ|монгол нэр|"
    "nama asli|nombre nativo|nom natif|الاسم بالعربية|نام اردو میں"
)
OWN_NUMBER: Final = (
    "student number|student no|student no.|student num|student id|student id number|student id no|"
    "studentid|student code|matric number|matric no|matriculation number|matriculation no|matric|"
    "registration number|registration no|reg no|reg number|roll number|roll no|enrolment number|"
    "enrollment number|enrolment no|admission number|index number|staff number|staff no|staff id|"
    "employee number|teacher id|own number|id number|id no|learner id|participant id|candidate number|"
    "candidate id|learner number|no matrik|nombor matrik|no pelajar|nombor pelajar|id pelajar|nim|npm|"
    "nomor induk|nomor induk mahasiswa|nomor mahasiswa|รหัสนักศึกษา|รหัสนิสิต|รหัสนักเรียน|"
    "เลขประจำตัวนักศึกษา|เลขประจำตัว|รหัส|mã sinh viên|mã số sinh viên|mssv|mã sv|mã học viên|"
    "លេខសម្គាល់និស្សិត|អត្តលេខ|លេខនិស្សិត|оюутны код|оюутны дугаар|суралцагчийн код|matrícula|"
    "número de matrícula|número de estudiante|código de estudiante|código del estudiante|"
    "código estudiantil|número de control|carné|carnet|legajo|numéro d'étudiant|numéro étudiant|"
    "matricule|numéro de matricule|የተማሪ መለያ|የተማሪ ቁጥር|መለያ ቁጥር|студент нөмірі|студенттік нөмір|"
    "номер студента|номер зачетной книжки|номер зачётной книжки|студенческий номер|табельный номер|学号|"
    "學號|学生编号|学生证号|考号|准考证号|الرقم الجامعي|رقم الطالب|رول نمبر|رجسٹریشن نمبر|"
    "nomero y'umunyeshuri|número de id|numéro d'identification|nomor id|nombor id|số id|mã số id|"
    "หมายเลขประจำตัว|รหัสประจำตัว|индивидуальный номер|id-номер|编号|رقم المعرف|رقم التعريف|id"
)
EMAIL: Final = (
    "e-mail|email address|e-mail address|student email|student e-mail|mail|email id|contact email|"
    "university email|emel|alamat emel|alamat email|surel|อีเมล|อีเมล์|ที่อยู่อีเมล|thư điện tử|"
    "địa chỉ email|hộp thư|អ៊ីមែល|អ៊ីម៉ែល|и-мэйл|имэйл|цахим шуудан|цахим хаяг|correo|correo electrónico|"
    "dirección de correo|correo institucional|courriel|adresse e-mail|adresse électronique|"
    "adresse de courriel|ኢሜይል|ኢሜል|эл. пошта|электрондық пошта|электронная почта|эл. почта|почта|имейл|"
    "邮箱|电子邮箱|电子邮件|邮件|電子郵件|البريد الإلكتروني|البريد|ایمیل|ای میل|"
    "dirección de correo electrónico|alamat surel|địa chỉ thư điện tử|адрес электронной почты|"
    "电子邮件地址|عنوان البريد الإلكتروني|imeyili"
)
GENDER: Final = (
    "gender|sex|m/f|f/m|jantina|jenis kelamin|kelamin|l/p|เพศ|giới tính|phái|ភេទ|хүйс|género|sexo|genre|"
    "sexe|ፆታ|ጾታ|жынысы|жыныс|пол|性别|性別|الجنس|النوع|جنس|صنف|kasarian|igitsina"
)
SPANISH_GENDER: Final = frozenset({"genero", "sexo"})
ROSTER_WORDS: Final = vocabulary(
    full_name=FULL_NAME,
    bare_name=BARE_NAME,
    given_name=GIVEN_NAME,
    family_name=FAMILY_NAME,
    middle_name=MIDDLE_NAME,
    native_name=NATIVE_NAME,
    own_number=OWN_NUMBER,
    email=EMAIL,
    gender=GENDER,
    guardian=GUARDIAN,
)

_GENDERS: Final = {
    "female": (
        "f|female|woman|women|girl|fem|lady|p|pr|perempuan|wanita|puan|หญิง|ญ|เพศหญิง|nữ|nu|ស្រី|ស|"
        "эмэгтэй|эм|mujer|femenino|femenina|femme|féminin|ሴት|ሴ|әйел|қыз|ә|женский|жен|женщина|ж|女|女性|"
        "女生|أنثى|انثى|عورت|خاتون|babae|gore|umugore"
    ),
    "male": (
        "m|male|man|men|boy|masc|l|lk|lelaki|laki-laki|laki|pria|ชาย|ช|เพศชาย|nam|ប្រុស|ប|эрэгтэй|эр|h|"
        "hombre|masculino|varón|homme|masculin|ወንድ|ወ|ер|еркек|ұл|е|мужской|муж|мужчина|м|男|男性|男生|"
        "ذكر|مرد|lalaki|gabo|umugabo"
    ),
    "other": (
        "other|o|x|non-binary|nonbinary|diverse|lain-lain|lain|lainnya|อื่นๆ|อื่น ๆ|khác|ផ្សេងទៀត|бусад|"
        "otro|otra|otre|autre|ሌላ|басқа|другой|другое|иное|其他|其它|آخر|أخرى|دیگر|iba|ikindi"
    ),
    "": (
        "not stated|prefer not to say|undisclosed|not given|unknown|n/a|none|tidak dinyatakan|ไม่ระบุ|"
        "không nêu|no indicado|prefiero no decirlo|non précisé|не указан|не указано|未填写|不愿透露|保密"
    ),
}
GENDER_WORDS: Final = {
    header_key(word): gender or None for gender, words in _GENDERS.items() for word in words.split("|")
}
