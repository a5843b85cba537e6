"""The words a list of who came may use for its column, and for yes and no."""

from typing import Final

from gdt.columns import Vocabulary, header_key, vocabulary
from gdt.exams.result_words import ABSENT_WORDS
from gdt.people.roster_words import ROSTER_WORDS
from gdt.training.progress_words import ATTENDANCE

CAME, DID_NOT_COME = "yes", "no"
_ATTENDED: Final = (
    "came|attended|present|presence|checked in|check in|check-in|attendance status|did attend|hadir|"
    "เข้าร่วม|มา|tham dự|có mặt|បានចូលរួម|ирсэн|asistió|presente|présent|participated|ተገኝቷል|қатысты|"
    "присутствие|присутствовал|出席|签到|簽到|حضر|حاضر|dumalo|yitabiriye"
)
_YES: Final = (
    "yes|y|x|✓|✔|1|true|came|present|attended|checked in|ya|hadir|ใช่|มา|เข้าร่วม|có|có mặt|បាទ|ចាស|"
    "тийм|ирсэн|sí|asistió|presente|oui|présent|présente|አዎ|ተገኝቷል|иә|келді|қатысты|да|присутствовал|"
    "присутствовала|是|出席|已到|نعم|حاضر|حضر|ہاں|جی|oo|dumalo|yego"
)
_NO: Final = (
    "no|n|0|false|did not come|not present|no show|noshow|not checked in|tidak|ไม่|ไม่มา|không|ទេ|үгүй|"
    "non|አይ|жоқ|нет|否|未到|缺席|لا|نہیں|hindi|oya"
)
ANSWERS: Final = {
    **dict.fromkeys(ABSENT_WORDS, DID_NOT_COME),
    **{header_key(word) or word: DID_NOT_COME for word in (*_NO.split("|"), "-", "–", "✗", "✘")},
    **{header_key(word) or word: CAME for word in _YES.split("|")},
}
ATTENDANCE_WORDS: Final[Vocabulary] = {
    **ROSTER_WORDS,
    **vocabulary(attended=f"{_ATTENDED}|{ATTENDANCE}", email="user email|attendee email|registrant email"),
}


def answer_of(text: str) -> str:
    """What a cell says, "" where it says neither yes nor no."""
    return ANSWERS.get(header_key(text) or text, "")


def is_answer(text: str) -> bool:
    return bool(answer_of(text))
