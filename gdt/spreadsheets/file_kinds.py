"""What kind of file was handed in, told by its content; the name only helps to say what is wrong."""

import io
import zipfile
from typing import Final

from gdt.spreadsheets.limits import MAX_BYTES, Unreadable

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FILES: Final = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"{\\rtf", "text_document"),
    (b"PK\x05\x06", "empty_archive"),
    (b"\x1f\x8b", "compressed"),
    (b"Rar!", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
    (b"SQLite format 3", "database"),
)
_WEB_PAGE: Final = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta")
_OTHER_ARCHIVES: Final = (
    ("xl/workbook.bin", "xlsb"),
    ("index/document.iwa", "numbers"),
    ("index.zip", "numbers"),
    ("word/document.xml", "text_document"),
    ("ppt/presentation.xml", "presentation"),
)
ENDINGS: Final = frozenset(
    {".csv", ".txt", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".xltx", ".ots"}
)
_EMPTY: Final = b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"


def kind_of(data: bytes, filename: str) -> str:
    """Return "text", "xlsx", "xls" or "ods"; `Unreadable` with what to do if it is none of them."""
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large")
    if not data.strip(_EMPTY):
        raise Unreadable("empty")
    if data.startswith(_OLE):
        return "xls"
    if data.startswith(_ZIP):
        return _kind_of_archive(data)
    _refuse_other_files(data)
    ending = filename[filename.rfind(".") :].strip().lower() if "." in filename else ""
    if ending not in ENDINGS:
        raise Unreadable("unknown_ending", found=ending or filename)
    return "text"


def _refuse_other_files(data: bytes) -> None:
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise Unreadable("other_file", what=what)
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE):
        raise Unreadable("web_page")


def _kind_of_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()[:2000]}
    except (zipfile.BadZipFile, ValueError, LookupError, OSError, RuntimeError, EOFError) as error:
        raise Unreadable("damaged") from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    for name, what in _OTHER_ARCHIVES:
        if name in names:
            raise Unreadable("other_file", what=what)
    raise Unreadable("not_a_workbook")
