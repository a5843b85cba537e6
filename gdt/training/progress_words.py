"""The words a sheet may use for attendance, for how a student came out, and for the day of completion."""

from typing import Final

from gdt.columns import Vocabulary, header_key, vocabulary
from gdt.people.roster_words import ROSTER_WORDS

ATTENDANCE: Final = (
    "attendance|attendance %|attendance percent|attendance percentage|attendance rate|% attendance|"
    "attended percent|percent attended|percentage attended|"
    "kehadiran|peratus kehadiran|การเข้าเรียน|chuyên cần|tỷ lệ tham dự|វត្តមាន|ирц|asistencia|"
    "porcentaje de asistencia|présence|taux de présence|assiduité|መገኘት|қатысу|посещаемость|出勤率|出勤|"
    "考勤|الحضور|حاضری|pagdalo|ubwitabire"
)
STATE: Final = (
    "completion|completion status|status|state|outcome|completed|course status|status penyelesaian|"
    "สถานะ|trạng thái|kết quả|ស្ថានភាព|төлөв|estado|situación|finalización|statut|achèvement|état|ሁኔታ|"
    "күйі|статус|состояние|завершение|状态|完成情况|結業|狀態|الحالة|حیثیت|katayuan|imiterere"
)
COMPLETED_ON: Final = (
    "completed on|completion date|date completed|date of completion|finished on|end date|tarikh tamat|"
    "tanggal selesai|วันที่สำเร็จ|ngày hoàn thành|កាលបរិច្ឆេទបញ្ចប់|дууссан огноо|fecha de finalización|"
    "fecha de término|date d'achèvement|date de fin|የማጠናቀቂያ ቀን|аяқталған күні|дата завершения|完成日期|"
    "结业日期|結業日期|تاريخ الإكمال|تاریخ تکمیل"
)
PROGRESS_WORDS: Final[Vocabulary] = {
    **vocabulary(attendance=ATTENDANCE, state=STATE, completed_on=COMPLETED_ON),
    **ROSTER_WORDS,
}

_STATES: Final = {
    "completed": (
        "completed|complete|finished|done|passed|graduated|yes|y|x|✓|✔|selesai|tamat|lulus|สำเร็จ|ผ่าน|"
        "hoàn thành|បានបញ្ចប់|дууссан|completado|completó|finalizado|aprobado|sí|terminé|achevé|complété|oui|"
        "አጠናቋል|аяқтады|завершил|завершила|завершено|да|完成|已完成|结业|結業|是|مكتمل|أكمل|نعم|مکمل|natapos|yarangije"
    ),
    "enrolled": (
        "enrolled|active|in progress|ongoing|no|n|not completed|incomplete|berdaftar|aktif|กำลังเรียน|"
        "đang học|កំពុងសិក្សា|суралцаж байгаа|inscrito|en curso|inscrit|en cours|non|በመማር ላይ|оқуда|"
        "обучается|нет|在读|未完成|进行中|否|مسجل|مستمر|لا|جاری|kasalukuyan"
    ),
    "withdrew": (
        "withdrew|withdrawn|dropped|dropped out|dropout|left|quit|tarik diri|berhenti|ถอน|ลาออก|thôi học|"
        "ឈប់|гарсан|retirado|abandonó|desertó|abandon|abandonné|retiré|አቋርጧል|шығып кетті|отчислен|"
        "отчислена|выбыл|выбыла|退学|退出|退學|منسحب|انسحب|چھوڑ دیا|umalis|yavuyemo"
    ),
}
STATE_WORDS: Final = {
    header_key(word) or word: state for state, words in _STATES.items() for word in words.split("|")
}
