"""Which language stands beside English on the certificates of an institution, and a country in English."""

from babel import Locale

ENGLISH = "en"
_IN_ENGLISH = Locale(ENGLISH)
OF_COUNTRIES = {
    "BO": "es",
    "CO": "es",
    "ET": "am",
    "ID": "id",
    "KH": "km",
    "KZ": "kk",
    "MN": "mn",
    "MX": "es",
    "MY": "ms",
    "PK": "ur",
    "TH": "th",
    "TN": "ar",
    "VN": "vi",
}
"""The main language of a country's offices; where its universities work in English, there is none."""


def language_for(country_code: str, chosen: str | None) -> str:
    """The language an institution's certificates are in: as chosen, or its country's, or English alone."""
    return chosen or OF_COUNTRIES.get(country_code, ENGLISH)


def country_in_english(code: str) -> str:
    """A country as certificates name it."""
    return str(_IN_ENGLISH.territories[code])
