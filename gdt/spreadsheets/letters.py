"""Which letters the names of our countries are written with, for each encoding their programs once used."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

# What a letter costs a reading: the cheapest reading of the same bytes is the likely one.
EXPECTED, SELDOM, RARE, IMPOSSIBLE = 1, 2, 5, 12

_SPANISH_FRENCH: Final = "áéíóúüñàâçèêëîïôùûÿœæÁÉÍÓÚÜÑÀÂÇÈÊËÎÏÔÙÛŸŒÆ"
_OTHER_LATIN: Final = "ãõåäöøßìòšžÅÄÖØÃÕÌÒŠŽðþýÝÐÞ²³½¼€£©®™†•"
_CENTRAL_EUROPE: Final = "ąćęłńśźżčďěňřšťůžőűľĺŕăşţđýĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽŐŰĽĹŔĂŞŢĐÝäöÄÖ"
_MARKS: Final = "’‘“”–—…¿¡«»°ºª·"
_RUSSIAN: Final = "оеаинтсрвлкОЕАИНТСРВЛК"
_RUSSIAN_SELDOM: Final = "мдпуяыгзбчйхжшюьцМДПУЯЫГЗБЧЙХЖШЮЬЦ"
_RUSSIAN_RARE: Final = "щэфъёЩЭФЪЁ№«»–—’“”…„"
_UKRAINIAN: Final = "єїіґЄЇІҐ"
_GREEK: Final = "".join(map(chr, range(0x386, 0x3CF)))
_HEBREW: Final = "".join(map(chr, range(0x5D0, 0x5EB)))
_KAZAKH: Final = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
_ARABIC: Final = "اليمنوترسبده"
_ARABIC_SELDOM: Final = "".join(map(chr, [*range(0x621, 0x63B), *range(0x641, 0x64B)])) + "پچژگکہھیےںٹڈڑیۓ"
_ARABIC_RARE: Final = "،؛؟ـ" + "".join(map(chr, range(0x64B, 0x653))) + "’“”–—…«»\u200c\u200d\u200e\u200f"
_THAI: Final = "กนรสมงวยทดลพตคชบจหอาิีเแะั่้็์ไุูำโใขปผถ"
_THAI_SELDOM: Final = "".join(map(chr, [*range(0xE01, 0xE3B), *range(0xE40, 0xE4F)]))
_THAI_RARE: Final = "๐๑๒๓๔๕๖๗๘๙฿ฯๆ’‘“”–—…"
_VIETNAMESE: Final = unicodedata.normalize(
    "NFC",
    "đĐ"
    + "".join(
        vowel + tone
        for vowel in ("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")
        for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    ),
)
_SURNAMES: Final = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖萧蕭田董潘袁蔡"
    "蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石金贾賈韦韋夏付傅方邹鄒熊白孟秦邱侯江尹薛闫阎閻段雷龙龍"
    "黎史陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯温溫康施文牛樊葛邢安齐齊易乔喬伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟申"
    "欧歐殷詹关關焦巴俞柳游翁洪甘祝包司柯阮桂穆池房简簡涂连連"
)
_ROSTER_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "男 女 姓名 学号 學號 性别 性別 邮箱 電郵 电邮 成绩 成績 班级 班級 学院 學院 专业 備註 "
        "备注 序号 序號 编号 电话 電話 分数 分數 缺考 缺席",
    )
)


class Letters(NamedTuple):
    """What is expected under one encoding: the cost of each letter, and how the text is made of bytes."""

    name: str
    costs: dict[str, int]
    decode: Callable[[bytes], str]
    is_read: bool = True
    is_chinese: bool = False
    is_vietnamese: bool = False


def _codec(name: str) -> Callable[[bytes], str]:
    return lambda data: data.decode(name)


def _letters(name: str, expected: str, rare: str, seldom: str = "", *, is_read: bool = True) -> Letters:
    costs = dict.fromkeys(rare, RARE) | dict.fromkeys(seldom, SELDOM) | dict.fromkeys(expected, EXPECTED)
    return Letters(name, costs | {"\u00a0": 3}, _codec(name), is_read)


def _vietnamese(data: bytes) -> str:
    return unicodedata.normalize("NFC", data.decode("cp1258"))


# The letters of TCVN 5712 (ABC fonts) from 0xA1 and from 0xB5; Python has no codec for them.
_TCVN_FROM_A1: Final = "ĂÂÊÔƠƯĐăâêôơưđ"
_TCVN_FROM_B5: Final = "àảãáạ?ằẳẵắ??????ặầẩẫấậè?ẻẽéẹềểễếệìỉ???ĩíịò?ỏõóọồổỗốộờởỡớợù?ủũúụừửữứựỳỷỹýỵ"
_TCVN: Final = {0xA1 + place: letter for place, letter in enumerate(_TCVN_FROM_A1)} | {
    0xB5 + place: letter for place, letter in enumerate(_TCVN_FROM_B5) if letter != "?"
}


def _tcvn(data: bytes) -> str:
    return data.decode("latin-1").translate(_TCVN)


def _chinese(name: str) -> Letters:
    level_1 = (bytes([first, second]) for first in range(0xB0, 0xD8) for second in range(0xA1, 0xFF))
    level_2 = (bytes([first, second]) for first in range(0xD8, 0xF8) for second in range(0xA1, 0xFF))
    codec = "gb2312"
    if name == "cp950":
        seconds = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
        level_1 = (bytes([first, second]) for first in range(0xA4, 0xC7) for second in seconds)
        level_2 = (bytes([first, second]) for first in range(0xC9, 0xFA) for second in seconds)
        codec = "cp950"
    rare = b"".join(level_2).decode(codec, "ignore") + "（）：，。、－　“”·—"
    costs = dict.fromkeys(rare, RARE) | dict.fromkeys(b"".join(level_1).decode(codec, "ignore"), SELDOM)
    return Letters(name, costs, _codec(name), is_chinese=True)


def speaks_of_people(runs: list[str]) -> bool:
    """Tell whether most short runs of Chinese characters are names or words that a roster has."""
    short = [run for run in runs if len(run) <= 4]
    known = [run for run in short if run in _ROSTER_WORDS or (len(run) > 1 and run[0] in _SURNAMES)]
    return len(known) * 2 >= max(len(short), 1)


_SHARED_LATIN: Final = "".join(letter for letter in _SPANISH_FRENCH if letter not in "ñÑàèêùûïôæœÀÈÊÙÛÏÆŒ")


@cache
def all_letters() -> tuple[Letters, ...]:
    """Return every encoding that is tried; those that are not `is_read` only cast doubt on the others."""
    latin = [
        _letters(name, _SPANISH_FRENCH + _MARKS, _OTHER_LATIN) for name in ("cp1252", "mac_roman", "cp850")
    ]
    cyrillic = [
        _letters(name, _RUSSIAN + more, _RUSSIAN_RARE, _RUSSIAN_SELDOM)
        for name, more in (
            ("cp1251", ""),
            ("kz1048", _KAZAKH),
            ("ptcp154", _KAZAKH),
            ("koi8_r", ""),
            ("cp866", ""),
            ("mac_cyrillic", ""),
        )
    ]
    ukrainian = dict.fromkeys(_RUSSIAN_SELDOM, SELDOM) | dict.fromkeys(_RUSSIAN + _UKRAINIAN, EXPECTED)
    vietnamese = dict.fromkeys(_VIETNAMESE, EXPECTED) | {"\u00a0": 3}
    return (
        *latin,
        *cyrillic,
        _letters("cp1256", _ARABIC, _ARABIC_RARE, _ARABIC_SELDOM),
        _letters("iso8859_6", _ARABIC, _ARABIC_RARE, _ARABIC_SELDOM),
        _letters("cp874", _THAI, _THAI_RARE, _THAI_SELDOM),
        Letters("cp1258", vietnamese | dict.fromkeys("₫’“”–—…", RARE), _vietnamese, is_vietnamese=True),
        _chinese("gb18030"),
        _chinese("cp950"),
        Letters("tcvn3", vietnamese, _tcvn, is_read=False, is_vietnamese=True),
        _letters("cp1253", "", _MARKS, _GREEK, is_read=False),
        _letters("cp1255", _HEBREW, _MARKS, is_read=False),
        # Ukraine's own letters, with which Mongolia wrote its two that Windows did not have.
        Letters("cp1251-uk", ukrainian, _codec("cp1251"), False),
        _letters("cp1250", _SHARED_LATIN + _MARKS, _CENTRAL_EUROPE, is_read=False),
    )
