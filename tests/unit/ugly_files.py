"""Files as people really send them, made by code: each with its name and who stands in it, line by line."""

# ruff: noqa: E501 - a table reads better whole
import csv
import io
import unicodedata
import zipfile
from typing import NamedTuple

import openpyxl

from tests.unit.workbook_makers import Error, Padded, ods, xls, xlsx


class Ugly(NamedTuple):
    """A file, and the people in it as (line, name, number) in its order; `refused` are the lines to correct."""

    filename: str
    data: bytes
    people: list[tuple[int, str, str | None]]
    refused: tuple[int, ...] = ()


def _csv(rows, delimiter=",", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def _phone_workbook():
    """Return a workbook as phones write it: no places on cells, texts in the cells, no styles, no sharing."""
    rows = [["Full name", "Student ID"], ["Siti Aminah", "A1"], ["Raju a/l Muthu", "A2"]]
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>"
        for row in rows
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Sheet1" '
        f'sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship '
        f'Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _pandas_workbook():
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in ([None, "name", "email", "id"], [0, "Ann Lee", "ann@x.org", 1001], [1, "Bo Tan", None, 1002]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _excel(language):
    """Return what "Save as CSV" of Excel gives in a language."""
    thai = [["ชื่อ-สกุล", "รหัสนักศึกษา"], ["สมชาย ใจดี", "6401"], ["สุดา แก้วมณี", "6402"], ["ธนพล ศรีสุข", "6403"]]
    french = [["Nom et prénom", "Matricule"], ["Béatrice Uwimana", "12"], ["François N’Diaye", "13"]]
    chinese = [
        ["姓名", "学号", "性别"],
        ["王小明", "20230001", "男"],
        ["李丽", "20230002", "女"],
        ["欧阳娜娜", "20230003", "女"],
    ]
    spanish = [
        ["Nombre completo", "Matrícula", "Género"],
        ["José Muñoz", "001", "Masculino"],
        ["Íñigo Peña", "002", ""],
    ]
    return {"th": thai, "fr": french, "zh": chinese, "es": spanish}[language]


def _people(rows, first=2):
    return [(line, row[0], row[1]) for line, row in enumerate(rows[1:], start=first)]


def ugly_files() -> dict[str, Ugly]:
    """Return every file by what it is."""
    th, fr, zh, es = (_excel(language) for language in ("th", "fr", "zh", "es"))
    nfd = [["Họ và tên", "MSSV"], ["Nguyễn Thị Ánh", "B20"], ["Trần Văn Hùng", "B21"]]
    google = [["Full name", "Student number", "Note", "", ""], ["Ann Lee", "007", "comes\nlate", "", ""]]
    merged = [
        ["王小明学院 2026 名单", None, None],
        ["序号", "姓名", None],
        [None, "姓", "名"],
        [1, "王", "小明"],
        [2, "李", "丽"],
        ["合计", 2, None],
    ]
    return {
        "Excel in Thai, CSV": Ugly("รายชื่อ.csv", _csv(th).encode("cp874"), _people(th)),
        "Excel in Thai, Unicode text": Ugly("a.txt", _csv(th, "\t").encode("utf-16"), _people(th)),
        "Excel in Thai under a title": Ugly(
            "a.xlsx",
            xlsx({"แผ่น1": [["มหาวิทยาลัย", None], [None, None], *th, ["รวม", 3]]}, merged=[(0, 0, 0, 1)]),
            _people(th, 4),
        ),
        "Excel in French, CSV": Ugly("Étudiants.csv", _csv(fr, ";").encode("cp1252"), _people(fr)),
        "Excel for Mac in French": Ugly("a.csv", _csv(fr, ";", "\r").encode("mac_roman"), _people(fr)),
        "Excel in Chinese, CSV": Ugly("名单.csv", _csv(zh).encode("gb18030"), _people(zh)),
        "Excel in Chinese, a header over two rows": Ugly(
            "a.xlsx",
            xlsx({"Sheet1": merged}, merged=[(0, 0, 0, 2), (1, 0, 2, 0), (1, 1, 1, 2)]),
            [(4, "王 小明", None), (5, "李 丽", None)],
        ),
        "Excel in Spanish, CSV UTF-8": Ugly("a.csv", _csv(es, ";").encode("utf-8-sig"), _people(es)),
        "Excel in Spanish, CSV": Ugly("a.csv", _csv(es, ";").encode("cp1252"), _people(es)),
        "Excel in Spanish with its separator": Ugly(
            "a.csv", ("sep=;\r\n" + _csv(es, ";")).encode("utf-8-sig"), _people(es, 3)
        ),
        "old Excel with hidden rows and padded numbers": Ugly(
            "a.xls",
            xls(
                {"Sheet1": [["Full name", "Matric no"], ["Siti", Padded(71)], ["Raju", Padded(72)]]},
                hidden_rows=[1],
            ),
            [(2, "Siti", "00000071"), (3, "Raju", "00000072")],
        ),
        "Excel with a failed lookup": Ugly(
            "a.xlsx",
            xlsx(
                {
                    "S": [
                        ["Full name", "Student ID"],
                        ["Ann", Error("#N/A")],
                        [Error("#REF!"), "2"],
                        ["Cy", "3"],
                    ]
                }
            ),
            [(4, "Cy", "3")],
            (2, 3),
        ),
        "LibreOffice": Ugly(
            "a.ods",
            ods({"Info": [["Hello"]], "Feuille1": fr}, hidden_rows=[1]),
            _people(fr),
        ),
        "Google Sheets, CSV": Ugly("a.csv", _csv(google).encode(), [(2, "Ann Lee", "007")]),
        "Google Sheets, TSV": Ugly("a.tsv", _csv(th, "\t", "\n").encode(), _people(th)),
        "Numbers on a Mac, CSV": Ugly(
            "a.csv",
            (
                "Table 1\n" + _csv([["Full\u00a0name", "Student number"], ["Ann\u00a0Lee", "1"]], ";", "\n")
            ).encode(),
            [(3, "Ann\u00a0Lee", "1")],
        ),
        "a phone": Ugly("a.xlsx", _phone_workbook(), [(2, "Siti Aminah", "A1"), (3, "Raju a/l Muthu", "A2")]),
        "pandas": Ugly("a.xlsx", _pandas_workbook(), [(2, "Ann Lee", "1001"), (3, "Bo Tan", "1002")]),
        "R": Ugly("a.csv", _csv(es, quoting=csv.QUOTE_ALL, end="\n").encode(), _people(es)),
        "a portal that calls tabs Excel": Ugly("export.xls", _csv(th, "\t").encode("utf-16-le"), _people(th)),
        "Vietnamese with letters taken apart": Ugly(
            "a.csv", unicodedata.normalize("NFD", _csv(nfd)).encode(), _people(nfd)
        ),
        "a Chinese keyboard's commas": Ugly(
            "a.txt", "姓名，学号\n王小明，1\n李丽，2\n".encode(), [(2, "王小明", "1"), (3, "李丽", "2")]
        ),
        "carets": Ugly("a.txt", b"Full name^Student number\nAnn Lee^1\n", [(2, "Ann Lee", "1")]),
        "Moodle's list of participants": Ugly(
            "courseid_7_participants.csv",
            _csv(
                [["First name", "Last name", "ID number", "Email address"], ["Ann", "Lee", "S1", "a@x.org"]]
            ).encode("utf-8-sig"),
            [(2, "Ann Lee", "S1")],
        ),
    }


QUIZ = [
    [
        "Last name",
        "First name",
        "Email address",
        "State",
        "Started on",
        "Completed",
        "Time taken",
        "Grade/100.00",
    ],
    [
        "Lee",
        "Ann",
        "ann@x.org",
        "Finished",
        "21 November 2026  9:00 AM",
        "21 November 2026",
        "40 mins",
        "87.50",
    ],
    ["Tan", "Bo", "bo@x.org", "Never submitted", "-", "-", "-", "-"],
    ["Overall average", "", "", "", "", "", "", "87.50"],
]
GRADEBOOK = [
    [
        "First name",
        "Last name",
        "ID number",
        "Institution",
        "Department",
        "Email address",
        "Course total (Real)",
    ],
    ["Ann", "Lee", "S1", "UTAR", "FBF", "ann@x.org", "87.50"],
    ["Bo", "Tan", "S2", "UTAR", "FBF", "bo@x.org", "-"],
]
MOODLE = {
    "quiz report, CSV": ("Quiz-Final.csv", _csv(QUIZ, end="\n").encode("utf-8-sig")),
    "quiz report, Excel": ("Quiz-Final.xlsx", xlsx({"Quiz": QUIZ})),
    "quiz report, OpenDocument": ("Quiz-Final.ods", ods({"Quiz": QUIZ})),
    "gradebook, CSV": ("Course Grades.csv", _csv(GRADEBOOK, end="\n").encode()),
    "gradebook, tabs": ("Course Grades.txt", _csv(GRADEBOOK, "\t", "\n").encode()),
    "gradebook, Excel": ("Course Grades.xlsx", xlsx({"Grades": GRADEBOOK})),
    "gradebook, OpenDocument": ("Course Grades.ods", ods({"Grades": GRADEBOOK})),
}
