"""Files that cannot be taken: each is told why, at its row where there is one; nothing stays."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import sqlalchemy as sa

from tests.integration.loading.desk import Desk
from webapp.db import db
from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.states import LoadState
from webapp.models import LoadProblem, LoadRun, Location

HEAD = "Location,Description,Batch Prefix\n"
GOOD = "WN,Wellington,W\n"


def csv_of(*lines: str) -> bytes:
    return (HEAD + GOOD + "\n".join(lines) + "\n").encode()


def book(change: Callable = lambda _: None) -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["Location", "Description", "Batch Prefix"])
    made.active.append(["WN", "Wellington", "W"])
    change(made.active)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(parts: dict[str, bytes], drop: str = "") -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in parts and part.filename != drop:
                new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(rows: str) -> bytes:
    return repacked(
        {
            "xl/worksheets/sheet1.xml": (
                '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                f"<sheetData>{rows}</sheetData></worksheet>"
            ).encode()
        }
    )


def put(cell: str, value: object) -> Callable:
    return lambda active: active.__setitem__(cell, value)


NUL_SHEET = b"<worksheet>" + b" " * 40_000_000 + b"</worksheet>"

REFUSED = {
    "nothing": (b"", "empty"),
    "only a mark of UTF-8": (b"\xef\xbb\xbf", "empty"),
    "blank lines": (b"\n\n\n\n", "empty"),
    "blanks": (b"   \n  \n", "empty"),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "Excel 97": (b"\xd0\xcf\x11\xe0" + bytes(500), "Excel 97"),
    "a compressed file": (b"\x1f\x8b\x08" + bytes(100), "compressed"),
    "binary": (b"a,b\x00\x00\x01\n\x00,", "NUL"),
    "NUL in the head": (b"Location,Description\nWN,\x00\n", "NUL"),
    "another zip": (
        repacked({"mimetype": b"x"}, drop="[Content_Types].xml"),
        "no Excel workbook",
    ),
    "half a workbook": (book()[:2000], "damaged"),
    "a zip's first bytes": (b"PK\x03\x04rubbish", "damaged"),
    "macros": (repacked({"xl/vbaProject.bin": b"macro"}), "macros"),
    "a zip bomb": (repacked({"xl/worksheets/sheet1.xml": NUL_SHEET}), "would unpack to"),
    "a bomb beside the sheets": (repacked({"xl/media/x.bin": bytes(50_000_000)}), "would unpack"),
    "a document type": (
        repacked({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
        "document type",
    ),
    "a sheet that is no XML": (repacked({"xl/worksheets/sheet1.xml": b"<work"}), "cannot be read"),
    "a workbook that is no XML": (repacked({"xl/workbook.xml": b"<<"}), "cannot be read"),
    "no workbook part": (repacked({}, drop="xl/workbook.xml"), "cannot be read"),
    "an empty sheet": (sheet(""), "no rows"),
    "a header alone": (HEAD.encode(), "no rows below it"),
    "a header alone in a workbook": (
        book(lambda active: active.delete_rows(2)),
        "no rows below it",
    ),
    "duplicate headers": (b"Location,Description,Location\nWN,a,b\n", "“Location”"),
    "duplicate headers but for blanks": (b"Location,Description, Location \nWN,a,b\n", "twice"),
    "duplicate headers in a workbook": (book(put("C1", "Location")), "twice"),
    "a row too short": (csv_of("CH"), "Row 3 has 1 cells"),
    "a row too long": (csv_of("CH,a,b,c"), "Row 3 has 4 cells"),
    "a comma that is not quoted": (csv_of("CH,Christchurch, South,C"), "Row 3"),
    "a quote that is never closed": (csv_of('CH,"Christchurch,C'), "row 3 is never closed"),
    "a quote inside a quoted cell": (csv_of('CH,"the "big" one",C'), "Row 3"),
    "NUL far below": ((HEAD + GOOD * 9000).encode() + b"CH,\x00,C\n", "NUL"),
    "one enormous cell": (b"x" * 40_000_000, "Row 1 has a cell of more than 131,072 characters"),
    "an enormous cell in a row": (csv_of("CH," + "x" * 200_000 + ",C"), "Row 3 has a cell of more"),
    "a heading as long as a letter": (
        b"Dear Sir or Madam " * 200 + b"\nyours\n",
        "heading of column 1 has 3,5",
    ),
    "an enormous heading in a workbook": (book(put("B1", "x" * 30_000)), "heading of column 2"),
    "too many columns": (",".join(f"c{n}" for n in range(600)).encode() + b"\n1\n", "600 columns"),
    "days counted from 1904": (
        repacked(
            {
                "xl/workbook.xml": zipfile.ZipFile(io.BytesIO(book()))
                .read("xl/workbook.xml")
                .replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
            }
        ),
        "1904",
    ),
}
NAMES = ("macro.xlsm", "old.xls", "binary.xlsb", "open.ods", "template.xltm")

BAD_ROWS = {
    "no code": (csv_of(",Christchurch,C"), 3, "is empty"),
    "no description": (csv_of("CH,,C"), 3, "Fill in Description"),
    "a code too long": (csv_of("CHRISTCHURCH,a,C"), 3, "longer than 10"),
    "a prefix too long": (csv_of("CH,a,CHRIS"), 3, "longer than 4"),
    "a control character": (csv_of("CH,a\x07b,C"), 3, "control character"),
    "an escape": (csv_of("CH,\x1b[31m,C"), 3, "control character"),
    "a code given twice": (csv_of("CH,a,C", "CH,b,D"), 4, "same Location as row 3"),
    "a formula without a result": (book(put("B2", "=A1")), 2, "formula"),
    "a formula as a code": (book(put("A3", "=A2")), 3, "formula"),
    "an error in a cell": (book(put("B2", "#REF!")), 2, "#REF!"),
    "another error": (book(put("B2", "#N/A")), 2, "#N/A"),
    "division by zero": (book(put("B2", "#DIV/0!")), 2, "#DIV/0!"),
    "an empty cell in a workbook": (book(put("C3", "X")), 3, "is empty"),
}


@pytest.fixture
def desk(firm, tmp_path) -> Desk:
    return Desk(firm.fin_co_id, tmp_path / "loads")


def locations() -> int:
    return db.session.scalar(sa.select(sa.func.count(Location.id)))


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_in_words(desk, what):
    content, told = REFUSED[what]
    with pytest.raises(FileRefused) as refused:
        desk.mapped(content, "locations")
    assert told in refused.value.message
    assert refused.value.way_out
    assert locations() == 1


@pytest.mark.parametrize("name", NAMES)
def test_other_kinds_of_workbooks_are_refused_by_their_name(desk, name):
    with pytest.raises(FileRefused, match="not taken in"):
        desk.hand_in(b"a,b\n1,2\n", "locations", name)


@pytest.mark.parametrize("what", BAD_ROWS)
def test_a_bad_row_is_named_and_keeps_the_whole_file_out(desk, what):
    content, row, told = BAD_ROWS[what]
    run = desk.load(content, "locations")
    assert run.state is LoadState.REFUSED
    problems = {one.row_number: one.reason for one in db.session.scalars(sa.select(LoadProblem))}
    assert told in problems[row]
    assert locations() == 1


def test_bytes_that_are_no_utf_8_have_their_encoding_asked_for(desk):
    content = "Location,Description\nCH,Café\n".encode("cp1252")
    with pytest.raises(MappingRefused, match="encoding"):
        desk.mapped(content, "locations")
    assert desk.load(content, "locations", encoding="cp1252").created == 1
    assert db.session.scalar(sa.select(Location.description).where(Location.code == "CH")) == "Café"


def test_an_encoding_that_does_not_fit_is_refused_at_its_line(desk):
    content = b"Location,Description\nCH,ok\nWN,\x81\n"
    with pytest.raises(FileRefused, match="CP1252: what follows line"):
        desk.mapped(content, "locations", encoding="cp1252")


def test_one_gigabyte_of_nothing_is_refused_while_it_arrives(desk, tmp_path):
    class Nothing(io.RawIOBase):
        left = 1_000_000_000

        def read(self, size: int = -1) -> bytes:
            given = min(size, self.left)
            self.left -= given
            return bytes(given)

    nothing = Nothing()
    with pytest.raises(FileRefused, match="more than 50 MB"):
        desk.receive(nothing, "locations")
    assert nothing.left > 940_000_000
    assert list((tmp_path / "loads").iterdir()) == []
    assert db.session.scalar(sa.select(sa.func.count(LoadRun.id))) == 0


def test_what_is_harmless_is_read(desk):
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Location</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>Description</t></is></c></row>'
        '<row r="2"><c r="A2"><v>100</v></c><c r="B2"><v>1</v></c>'
        '<c r="C2" t="inlineStr"><is><t>One hundred</t></is></c></row>'
        '<row r="900000"><c r="A900000"/></row>'
    )
    assert desk.load(sheet(rows), "locations").created == 1
    assert db.session.scalar(sa.select(Location.code).where(Location.code != "AK")) == "100"
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        assert desk.load((HEAD + GOOD).encode(encoding), "locations").bad == 0
    assert locations() == 3
