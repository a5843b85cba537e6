"""The words a list of institutions may use for its columns, for kinds of institutions and for countries."""

from functools import cache
from typing import Final

from babel import Locale

from gdt.columns import Vocabulary, header_key, vocabulary
from gdt.partners.models import InstitutionKind

CODE: Final = (
    "code|institution code|partner code|short code|short name|abbreviation|acronym|kod|kode|singkatan|"
    "รหัส|ตัวย่อ|mã|mã trường|កូដ|код|товчлол|código|sigla|siglas|code de l'établissement|sigle|ኮድ|коды|"
    "қысқартма|сокращение|代码|代碼|简称|簡稱|الرمز|کوڈ|kodigo|kode y'ikigo"
)
NAME: Final = (
    "name|institution|institution name|name of institution|partner|partner name|university|"
    "university name|nama|nama institusi|nama universiti|nama universitas|ชื่อ|ชื่อสถาบัน|มหาวิทยาลัย|"
    "tên|tên trường|tên đơn vị|ឈ្មោះ|ឈ្មោះស្ថាប័ន|нэр|байгууллагын нэр|сургуулийн нэр|nombre|"
    "nombre de la institución|institución|universidad|nom|nom de l'établissement|établissement|"
    "université|ስም|የተቋም ስም|атауы|ұйым атауы|название|название учреждения|университет|名称|名稱|机构名称|"
    "學校名稱|学校名称|الاسم|اسم المؤسسة|الجامعة|نام|ادارے کا نام|pangalan|pangalan ng institusyon|izina|"
    "izina ry'ikigo"
)
NATIVE_NAME: Final = (
    "native name|name in its own script|name in own script|local name|original name|"
    "name in local language|nama asli|ชื่อภาษาไทย|ชื่อภาษาท้องถิ่น|tên tiếng việt|ឈ្មោះជាភាសាខ្មែរ|"
    "монгол нэр|nombre original|nom natif|nom original|የአማርኛ ስም|название на родном языке|本地名称|"
    "中文名称|中文名稱|الاسم الأصلي|الاسم بالعربية|مقامی نام"
)
KIND: Final = (
    "kind|type|kind of institution|institution type|category|jenis|jenis institusi|kategori|ประเภท|loại|"
    "loại hình|ប្រភេទ|төрөл|tipo|tipo de institución|type d'établissement|ዓይነት|түрі|тип|вид|类型|類型|"
    "النوع|قسم|uri|ubwoko"
)
COUNTRY: Final = (
    "country|country code|nation|negara|ประเทศ|quốc gia|nước|ប្រទេស|улс|país|pays|ሀገር|ел|мемлекет|страна|"
    "国家|國家|البلد|الدولة|ملک|bansa|igihugu"
)
CITY: Final = (
    "city|town|place|location|seat|bandar|kota|เมือง|จังหวัด|thành phố|tỉnh|ទីក្រុង|хот|ciudad|ville|ከተማ|"
    "қала|город|城市|المدينة|شہر|lungsod|umujyi"
)
WEBSITE: Final = (
    "website|web|web site|web page|homepage|url|address of the website|laman web|situs web|เว็บไซต์|"
    "trang web|គេហទំព័រ|вэб хуудас|вэбсайт|sitio web|página web|site web|site internet|ድረ ገጽ|сайт|"
    "веб-сайт|网站|網站|网址|الموقع|الموقع الإلكتروني|ویب سائٹ|urubuga"
)
JOINED_ON: Final = (
    "partner since|joined on|joined|member since|date joined|tarikh menyertai|tanggal bergabung|"
    "เข้าร่วมเมื่อ|ngày tham gia|ថ្ងៃចូលរួម|нэгдсэн огноо|socio desde|fecha de ingreso|partenaire depuis|"
    "date d'adhésion|የተቀላቀለበት ቀን|қосылған күні|дата вступления|партнёр с|加入日期|تاريخ الانضمام|"
    "تاریخ شمولیت|petsa ng pagsali|itariki yinjiriyeho"
)
INSTITUTION_WORDS: Final[Vocabulary] = vocabulary(
    code=CODE,
    name=NAME,
    native_name=NATIVE_NAME,
    kind=KIND,
    country=COUNTRY,
    city=CITY,
    website=WEBSITE,
    joined_on=JOINED_ON,
)

_KINDS: Final = {
    InstitutionKind.UNIVERSITY: (
        "university|universiti|universitas|มหาวิทยาลัย|đại học|trường đại học|សាកលវិទ្យាល័យ|их сургууль|"
        "universidad|université|ዩኒቨርሲቲ|университет|大学|大學|جامعة|یونیورسٹی|unibersidad|kaminuza"
    ),
    InstitutionKind.COLLEGE: (
        "college|polytechnic|kolej|politeknik|วิทยาลัย|cao đẳng|trường cao đẳng|មហាវិទ្យាល័យ|коллеж|"
        "дээд сургууль|instituto universitario|collège|institut universitaire|ኮሌጅ|колледж|学院|學院|كلية|"
        "کالج|kolehiyo|koleji"
    ),
    InstitutionKind.TRAINING_INSTITUTION: (
        "training institution|training institute|training centre|training center|vocational school|"
        "institusi latihan|lembaga pelatihan|สถาบันฝึกอบรม|cơ sở đào tạo|មជ្ឈមណ្ឌលបណ្តុះបណ្តាល|"
        "сургалтын төв|centro de formación|centro de capacitación|centre de formation|የስልጠና ተቋም|"
        "оқу орталығы|учебный центр|培训机构|培訓機構|مركز تدريب|تربیتی ادارہ|institusyon ng pagsasanay|"
        "ikigo cy'amahugurwa"
    ),
    InstitutionKind.GOVERNMENT_BODY: (
        "government body|government|ministry|agency|badan kerajaan|badan pemerintah|kementerian|"
        "หน่วยงานรัฐ|กระทรวง|cơ quan nhà nước|bộ|ស្ថាប័នរដ្ឋ|ក្រសួង|төрийн байгууллага|яам|"
        "organismo público|ministerio|organisme public|ministère|የመንግስት ተቋም|ሚኒስቴር|мемлекеттік орган|"
        "министрлік|государственный орган|министерство|政府机构|政府機構|هيئة حكومية|وزارة|سرکاری ادارہ|"
        "وزارت|ahensya ng gobyerno|ikigo cya leta|minisiteri"
    ),
}
KIND_WORDS: Final = {
    header_key(word): kind.value for kind, words in _KINDS.items() for word in words.split("|")
}
LANGUAGES: Final = (
    *("en", "am", "ar", "es", "fil", "fr", "id", "kk", "km"),
    *("mn", "ms", "ru", "rw", "ta", "th", "ur", "vi", "zh", "zh_Hant"),
)


@cache
def country_words(codes: tuple[str, ...]) -> dict[str, str]:
    """These countries by their codes and by their names in the languages of the network."""
    words = {header_key(code): code for code in codes}
    for language in LANGUAGES:
        names = Locale.parse(language).territories
        words |= {header_key(names[code]): code for code in codes if code in names}
    return words
