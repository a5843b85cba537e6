"""Files made to keep a reader busy or to fill its memory, each by what it tries."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator

from tests.unit.workbook_makers import ods, xls, xlsx

LIST = [["Full name", "No"], ["Ann", "1"]]


def with_part(data: bytes, ending: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the archive `data` with the parts that end so changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name.endswith(ending) else content)
    return out.getvalue()


def hostile_files() -> Iterator[tuple[str, str, bytes]]:
    """Yield what each tries, its name and its bytes."""
    book, old, document = xlsx({"S": LIST}), xls({"S": LIST}), ods({"S": LIST})
    rows = b"</sheetData>"
    yield "unpacks to blanks", "a.xlsx", with_part(book, "sheet1.xml", lambda xml: xml + b" " * 60_000_000)
    yield (
        "unpacks just below the ratio",
        "a.xlsx",
        with_part(
            book,
            "sheet1.xml",
            lambda xml: xml.replace(rows, b"<!--" + bytes(range(65, 91)) * 3_500_000 + b"-->" + rows),
        ),
    )
    cells = b"".join(b'<row r="%d"><c r="ZZ%d"><v>1</v></c></row>' % (n, n) for n in range(3, 250_000))
    yield (
        "reaches far and wide",
        "a.xlsx",
        with_part(book, "sheet1.xml", lambda xml: xml.replace(rows, cells + rows)),
    )
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield (
        "has one cell in the far corner",
        "a.xlsx",
        with_part(book, "sheet1.xml", lambda xml: xml.replace(rows, far + rows)),
    )
    long = b"<si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    many = b"".join(
        b'<row r="%d">%b</row>'
        % (n, b"".join(b'<c r="%c%d" t="s"><v>4</v></c>' % (c, n) for c in range(65, 91)))
        for n in range(3, 20_000)
    )
    repeated = with_part(book, "sharedStrings.xml", lambda xml: xml.replace(b"</sst>", long))
    yield (
        "repeats a long text",
        "a.xlsx",
        with_part(repeated, "sheet1.xml", lambda xml: xml.replace(rows, many + rows)),
    )
    merged = b"".join(b'<mergeCell ref="A%d:IV%d"/>' % (n, n + 200_000) for n in range(1, 100_000))
    yield (
        "merges without end",
        "a.xlsx",
        with_part(
            book,
            "sheet1.xml",
            lambda xml: xml.replace(rows, rows + b"<mergeCells>" + merged + b"</mergeCells>"),
        ),
    )
    yield (
        "names entities of its own",
        "a.xlsx",
        with_part(
            book,
            "sheet1.xml",
            lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1),
        ),
    )
    yield (
        "nests elements deeply",
        "a.xlsx",
        with_part(book, "sheet1.xml", lambda xml: xml.replace(rows, b"<a>" * 2_000_000 + rows)),
    )
    yield "has ten thousand parts", "a.xlsx", _with_many_parts(book)
    yield (
        "repeats a row without end",
        "a.ods",
        with_part(
            document,
            "content.xml",
            lambda xml: xml.replace(
                b"<table:table-row>", b'<table:table-row table:number-rows-repeated="9999999">', 2
            ),
        ),
    )
    yield (
        "repeats a cell without end",
        "a.ods",
        with_part(
            document,
            "content.xml",
            lambda xml: xml.replace(
                b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="99999999" ', 1
            ),
        ),
    )
    yield (
        "unfolds entities",
        "a.ods",
        with_part(
            document,
            "content.xml",
            lambda xml: xml.replace(
                b"<office:document-content", b'<!DOCTYPE a [<!ENTITY b "c">]><office:document-content', 1
            ),
        ),
    )
    yield "walks in circles", "a.xls", _circular(old)
    yield "promises endless sectors", "a.xls", old[:44] + struct.pack("<I", 0x7FFFFFFF) + old[48:]
    yield "is one line", "a.csv", b"Full name,No\n" + b"x" * 9_000_000
    yield "is all quotation marks", "a.csv", b'Full name,No\n"' + b'",\n"' * 2_000_000
    yield "is all delimiters", "a.csv", b"Full name" + b"," * 9_000_000
    yield "is all line ends", "a.csv", b"Full name\n" + b"\n" * 9_000_000 + b"x"
    yield "is all high bytes", "a.csv", b"Full name\n" + bytes(range(128, 256)) * 70_000
    yield "is half a byte order mark", "a.csv", b"\xff\xfe" + b"\xd8" * 4_000_001


def _with_many_parts(book: bytes) -> bytes:
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(10_000):
            archive.writestr(f"xl/{number}.xml", "<a/>")
    return out.getvalue()


def _circular(old: bytes) -> bytes:
    """Return an old workbook whose allocation table sends every sector to itself."""
    table = struct.unpack_from("<I", old, 76)[0]
    start = (table + 1) * 512
    return old[:start] + b"".join(struct.pack("<I", n) for n in range(128)) + old[start + 512 :]
