"""The words a list of targets may use for its columns, measures and places."""

from collections.abc import Iterable, Mapping
from typing import Final

from gdt.columns import Vocabulary, header_key, vocabulary
from gdt.impact.scopes import Network
from gdt.partners.institution_words import country_words
from gdt.training.headcount_words import MEASURE, PEOPLE, YEAR
from gdt.training.headcount_words import MEASURE_WORDS as COUNTED

NETWORK: Final = "network"
PLACE: Final = (
    "place|scope|institution|institution code|country|country code|where|for|partner|university|tempat|"
    "institusi|negara|สถานที่|สถาบัน|ประเทศ|địa điểm|trường|quốc gia|ទីកន្លែង|ស្ថាប័ន|ប្រទេស|байгууллага|улс|lugar|"
    "institución|país|lieu|établissement|pays|ተቋም|ሀገር|мекеме|ел|место|учреждение|страна|地点|机构|国家|"
    "المكان|المؤسسة|البلد|جگہ|ادارہ|ملک|lugar|institusyon|bansa|ahantu|ikigo|igihugu"
)
TARGET_WORDS: Final[Vocabulary] = vocabulary(
    year=YEAR,
    place=PLACE,
    measure=f"what is to be reached|what|target of|{MEASURE}",
    people=f"target|goal|to reach|number to reach|sasaran|meta|objectif|цель|目标|{PEOPLE}",
)
MEASURES: Final = {
    "teachers certified": "teachers",
    "students trained": "students",
}  # the columns of a target
MEASURE_WORDS: Final = {key: word for key, word in COUNTED.items() if word in MEASURES}
EVERYWHERE: Final = (
    "network|the network|whole network|programme|the programme|all|everywhere|gdt|gdt network|global|total|"
    "rangkaian|jaringan|เครือข่าย|mạng lưới|បណ្តាញ|сүлжээ|red|la red|réseau|le réseau|желі|сеть|网络|"
    "الشبكة|نیٹ ورک"
)


def place_words(network: Network) -> Mapping[str, tuple[str, ...]]:
    """What a place may be called: each word's places, as they are kept ("network", "MY", "utar")."""
    countries = {place.country for place in network.institutions.values()}
    named = [(word, NETWORK) for word in EVERYWHERE.split("|")]
    named += list(country_words(tuple(sorted(countries))).items())
    named += [(text, place.code) for place in network.institutions.values() for text in _names(place)]
    found: dict[str, tuple[str, ...]] = {"": (NETWORK,)}
    for word, place in named:
        key = header_key(word)
        if key and place not in found.get(key, ()):
            found[key] = (*found.get(key, ()), place)
    return found


def _names(place: object) -> Iterable[str]:
    names = (getattr(place, name) for name in ("code", "name", "native_name"))
    return (name for name in names if name)
