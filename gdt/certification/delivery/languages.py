"""In which language, beside English, a country's holders are written to: where we have the words."""

_LANGUAGES = {
    "MX": "es",
    "CO": "es",
    "BO": "es",
    "TN": "fr",
    "ID": "id",
    "MY": "ms",
    "TH": "th",
    "VN": "vi",
}


def language_of(country: str) -> str | None:
    """The language of `templates/mail/certificate/`, None where English stands alone."""
    return _LANGUAGES.get(country.upper())
