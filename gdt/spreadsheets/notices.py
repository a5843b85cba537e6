"""What was met while a file was read that its owner should know, in sentences for the page."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext


class Notice(NamedTuple):
    """One thing that was met: `code` says what, `facts` how often and where."""

    code: str
    facts: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """What it says in the language of the page."""
        return _SENTENCES[self.code](self.facts)


def _hidden_rows(facts: Mapping[str, Any]) -> str:
    return str(ngettext("%(num)s hidden row was read too.", "%(num)s hidden rows were read too.", facts["n"]))


def _hidden_columns(facts: Mapping[str, Any]) -> str:
    return str(
        ngettext("%(num)s hidden column was read too.", "%(num)s hidden columns were read too.", facts["n"])
    )


def _repeated(facts: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "A cell merged down over several rows was read in each of them: %(num)s cell filled.",
            "Cells merged down over several rows were read in each of them: %(num)s cells filled.",
            facts["n"],
        )
    )


def _totals(facts: Mapping[str, Any]) -> str:
    return str(_("Line %(line)s is a total (“%(text)s”), not a person. It was set aside.", **facts))


def _title(facts: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "The line above the table (“%(text)s”) is a title, not a person. It was set aside.",
            "The %(num)s lines above the table (“%(text)s”) are titles, not people. They were set aside.",
            facts["n"],
            text=facts["text"],
        )
    )


def _nobody(facts: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "Line %(line)s says nobody, only “%(text)s”. It was set aside.",
            "%(num)s lines say nobody; the first, line %(line)s, only “%(text)s”. They were set aside.",
            facts["n"],
            line=facts["line"],
            text=facts["text"],
        )
    )


def _headers_again(facts: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "The header stands again on line %(line)s. That row was set aside.",
            "The header stands again on %(num)s lines, first on line %(line)s. Those rows were set aside.",
            facts["n"],
            line=facts["line"],
        )
    )


def _unnamed(facts: Mapping[str, Any]) -> str:
    return str(
        _("Column %(column)s has no header. What stands in it, such as “%(text)s”, was kept aside.", **facts)
    )


def _shares(facts: Mapping[str, Any]) -> str:
    return str(_("“%(column)s” is written in shares of one: %(text)s was read as %(percent)s%%.", **facts))


def _legacy_encoding(facts: Mapping[str, Any]) -> str:
    letters = _LETTERS.get(facts["encoding"]) or _("an older way of writing")
    return str(
        _("The letters were read as %(letters)s. Please look whether the names are right.", letters=letters)
    )


def _other_sheets(facts: Mapping[str, Any]) -> str:
    return str(_("The sheet “%(sheet)s” was read. The file has more: %(others)s.", **facts))


def _sheets_together(facts: Mapping[str, Any]) -> str:
    told = str(_("The sheets %(sheets)s were read together.", sheets=facts["sheets"]))
    more = str(_("The file has more: %(others)s.", others=facts["others"])) if facts["others"] else ""
    return f"{told} {more}".strip()


def _hidden_sheet(facts: Mapping[str, Any]) -> str:
    return str(_("The sheet “%(sheet)s”, which was read, is hidden in the file.", **facts))


def _returned(facts: Mapping[str, Any]) -> str:
    return str(_("This is a file we handed back. The columns we had added were left out.", **facts))


_LETTERS: Final[Mapping[str, Any]] = {
    "cp1252": lazy_gettext("Western European"),
    "mac_roman": lazy_gettext("Western European, from a Mac"),
    "cp850": lazy_gettext("Western European, from DOS"),
    "cp1251": lazy_gettext("Cyrillic"),
    "koi8_r": lazy_gettext("Cyrillic"),
    "cp866": lazy_gettext("Cyrillic, from DOS"),
    "mac_cyrillic": lazy_gettext("Cyrillic, from a Mac"),
    "kz1048": lazy_gettext("Kazakh"),
    "ptcp154": lazy_gettext("Kazakh"),
    "cp1256": lazy_gettext("Arabic"),
    "iso8859_6": lazy_gettext("Arabic"),
    "cp874": lazy_gettext("Thai"),
    "cp1258": lazy_gettext("Vietnamese"),
    "gb18030": lazy_gettext("Chinese, simplified"),
    "cp950": lazy_gettext("Chinese, traditional"),
}
_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "hidden_rows": _hidden_rows,
    "hidden_columns": _hidden_columns,
    "repeated": _repeated,
    "title": _title,
    "nobody": _nobody,
    "totals": _totals,
    "headers_again": _headers_again,
    "unnamed": _unnamed,
    "shares": _shares,
    "legacy_encoding": _legacy_encoding,
    "other_sheets": _other_sheets,
    "sheets_together": _sheets_together,
    "hidden_sheet": _hidden_sheet,
    "returned": _returned,
}
