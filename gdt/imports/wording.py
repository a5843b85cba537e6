"""What the pages of an import say: words and shapes of states, sentences with counts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.columns import shortened
from gdt.filters import ngettext, number
from gdt.imports.kinds import Kind
from gdt.imports.models import Upload, UploadState
from gdt.imports.rows import RowState
from gdt.spreadsheets.notices import Notice

MOST_ASIDE = 20
STATES = {
    RowState.NEW: (lazy_gettext("new"), "ok"),
    RowState.KNOWN: (lazy_gettext("already known"), "progress"),
    RowState.PROBABLE: (lazy_gettext("probably known"), "attention"),
    RowState.CONFLICT: (lazy_gettext("differs from the register"), "attention"),
    RowState.OTHER: (lazy_gettext("under another name in the register"), "attention"),
    RowState.UNCHANGED: (lazy_gettext("unchanged"), "neutral"),
    RowState.REFUSED: (lazy_gettext("refused"), "problem"),
}
UPLOAD_STATES = {
    UploadState.READING: (lazy_gettext("is being read"), "progress"),
    UploadState.ASKING: (lazy_gettext("has a question"), "attention"),
    UploadState.CHECKED: (lazy_gettext("waits for your word"), "attention"),
    UploadState.KEEPING: (lazy_gettext("is being kept"), "progress"),
    UploadState.KEPT: (lazy_gettext("kept"), "ok"),
    UploadState.DISCARDED: (lazy_gettext("put aside"), "neutral"),
    UploadState.UNDOING: (lazy_gettext("is being undone"), "progress"),
    UploadState.UNDONE: (lazy_gettext("undone"), "neutral"),
}
CHOICES = {
    "new": lazy_gettext("A new person"),
    "same": lazy_gettext("The same person"),
    "register": lazy_gettext("Keep the register’s"),
    "file": lazy_gettext("Take the file’s"),
}
CHOICES_OF_OTHERS = {
    "register": lazy_gettext("The same person: keep the register’s"),
    "file": lazy_gettext("The same person: take the file’s"),
}


def words_of(kind: Kind, state: RowState) -> str:
    """What a state means for this kind of rows."""
    return str(kind.words.get(state, STATES[state][0]))


def summary(upload: Upload, needing: int) -> str:
    """What keeping the file would do, in one sentence."""
    kept = upload.rows_in - needing
    fresh = kept - upload.counts.get(RowState.UNCHANGED, 0)
    if fresh > 0 and needing:
        return str(
            _(
                "%(kept)s of %(rows)s rows can be kept now. Nothing is kept until you confirm.",
                kept=number(kept),
                rows=number(upload.rows_in),
            )
        )
    if fresh > 0:
        return str(
            ngettext(
                "%(num)s row was read. Nothing is kept until you confirm.",
                "%(num)s rows were read. Nothing is kept until you confirm.",
                upload.rows_in,
            )
        )
    if not kept:
        return str(_("Every row of this file needs you, so there is nothing to keep yet."))
    if needing:
        return str(
            _(
                "This file changes nothing: %(same)s of its %(rows)s rows are unchanged, "
                "the others need you.",
                same=number(kept),
                rows=number(upload.rows_in),
            )
        )
    return str(
        ngettext(
            "This file changes nothing: its one row is in the register already.",
            "This file changes nothing: all %(num)s rows are in the register already.",
            upload.rows_in,
        )
    )


def notices_of(upload: Upload, *, but: str = "") -> list[str]:
    """What was met in the file that its owner should know, without what the page asks about anyway."""
    return [Notice(code, facts).sentence for code, facts in upload.notices if code != but]


def columns_in_words(upload: Upload) -> dict[str, Any]:
    """The headers that were understood, and those that are kept aside, as far as a sentence can hold them."""
    told = list(zip(upload.header, upload.mapping, strict=False))
    aside = [shortened(text) for text, name in told if text and not name]
    more = [_("%(count)s more", count=len(aside) - MOST_ASIDE)] if len(aside) > MOST_ASIDE else []
    return {
        "understood": [shortened(text) for text, name in told if name],
        "aside": ", ".join([*aside[:MOST_ASIDE], *more]),
    }
