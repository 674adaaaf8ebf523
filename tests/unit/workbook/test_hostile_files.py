"""Files made to hurt: each refused with its own status, within bounded memory."""

import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from shared.errors import Problem
from shared.workbook.guard import inspect

DATA = Path(__file__).parents[2] / "data"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
Parts = dict[str, bytes | str | Iterable[bytes]]


@contextmanager
def bounded(megabytes: int = 24) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 2**20
    finally:
        tracemalloc.stop()


def package(path: Path, parts: Parts) -> Path:
    """A minimal .xlsx with these parts instead of or beside the usual ones."""
    base: Parts = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f"<workbook {MAIN}/>",
        "xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (base | parts).items():
            with archive.open(name, "w", force_zip64=True) as part:
                for chunk in [content] if isinstance(content, bytes | str) else content:
                    part.write(chunk.encode() if isinstance(chunk, str) else chunk)
    return path


def sheet(rows: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def refused(path: Path) -> Problem:
    with bounded(), pytest.raises(Problem) as caught:
        inspect(path)
    return caught.value


def test_a_plain_package_passes(tmp_path: Path) -> None:
    inspect(package(tmp_path / "ok.xlsx", {}))


def test_seed_and_exotic_but_honest_writers_pass(tmp_path: Path) -> None:
    inspect(DATA / "demo-999901-ledger.xlsx")
    prefixed = '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row>'
    inspect(
        package(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="u">{prefixed}</x:worksheet>'})
    )
    inspect(package(tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": sheet("<row><c><v>1</v></c><c/></row>")}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("项目名称,总套数\n甲,3\n".encode("gbk"), "CSV"),
        (b"", "Excel"),
        (b"%PDF-1.7", "Excel"),
    ],
)
def test_other_types_by_their_content(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(content)
    problem = refused(path)
    assert problem.status == 415
    assert words in problem.detail


def test_a_zip_that_is_no_workbook_and_one_with_macros(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(tmp_path / "a.xlsx").status == 415
    assert "宏" in refused(package(tmp_path / "m.xlsx", {"xl/vbaProject.bin": b"x"})).detail


def test_over_20_megabytes(tmp_path: Path) -> None:
    with (tmp_path / "big.xlsx").open("wb") as file:
        file.truncate(100 * 2**20)
    assert refused(tmp_path / "big.xlsx").status == 413


def test_zip_bomb(tmp_path: Path) -> None:
    zeros = (b"\0" * 2**20 for _ in range(210))
    assert refused(package(tmp_path / "bomb.xlsx", {"xl/media/image1.png": zeros})).status == 413


def test_a_part_larger_than_the_directory_says(tmp_path: Path) -> None:
    path = package(
        tmp_path / "liar.xlsx", {"xl/sharedStrings.xml": f"<sst {MAIN}>{'<si><t>a</t></si>' * 90_000}</sst>"}
    )
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02", data.rfind(b"xl/worksheets/sheet1.xml"))
    size_at = at + 24
    assert struct.unpack_from("<L", data, size_at)[0] > 10**6
    struct.pack_into("<L", data, size_at, 1000)
    path.write_bytes(data)
    assert refused(path).code == "unsafe_workbook"


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "docProps/app.xml"]
)
def test_dtd_and_entities(tmp_path: Path, part: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert refused(package(tmp_path / "dtd.xlsx", {part: laughs})).code == "unsafe_workbook"


def test_other_encodings_and_broken_xml(tmp_path: Path) -> None:
    assert refused(package(tmp_path / "a.xlsx", {"xl/styles.xml": "<x/>".encode("utf-16")})).code == "unsafe_workbook"
    assert refused(package(tmp_path / "b.xlsx", {"xl/styles.xml": "<x>"})).code == "unsafe_workbook"


def test_a_million_blank_rows(tmp_path: Path) -> None:
    def rows() -> Iterator[bytes]:
        yield f"<worksheet {MAIN}><sheetData>".encode()
        for start in range(1, 1_000_001, 1000):
            yield "".join(f'<row r="{n}"/>' for n in range(start, start + 1000)).encode()
        yield b"</sheetData></worksheet>"

    problem = refused(package(tmp_path / "rows.xlsx", {"xl/worksheets/sheet1.xml": rows()}))
    assert (problem.status, problem.code) == (422, "sheet_too_large")
    assert "60000" in problem.detail


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        "<row r='1'><c s='1' r = 'KO1'><v>1</v></c></row>",
        '<row r="1"><c x=">" r="XFD1"><v>1</v></c></row>',
        '<x:row xmlns:x="u" r="1"><x:c r="A99999"/></x:row>',
        '<row r="50000"><c r="A50000"/><c r="CV50000"/></row>',
    ],
)
def test_one_far_cell(tmp_path: Path, rows: str) -> None:
    assert refused(package(tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": sheet(rows)})).code == "sheet_too_large"


def test_a_merge_over_everything(tmp_path: Path) -> None:
    xml = sheet("").replace("</worksheet>", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>')
    assert refused(package(tmp_path / "merge.xlsx", {"xl/worksheets/sheet1.xml": xml})).code == "sheet_too_large"


def test_one_long_text_shown_by_many_cells(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    parts: Parts = {
        "xl/sharedStrings.xml": f"<sst {MAIN}><si><t>{'a' * 32_000}</t></si></sst>",
        "xl/worksheets/sheet1.xml": sheet(cells),
    }
    assert refused(package(tmp_path / "text.xlsx", parts)).code == "sheet_too_large"
    numbers = parts | {"xl/worksheets/sheet1.xml": sheet(cells.replace(' t="s"', ""))}
    inspect(package(tmp_path / "numbers.xlsx", numbers))


def test_formulas_are_listed_with_their_cells(book: Callable[..., Path]) -> None:
    path = book([["项目名称", "总套数"], *[["甲", "=1+1"]] * 30])
    problem = refused(path)
    assert (problem.status, problem.code) == (422, "formulas_found")
    assert [error.pointer for error in problem.errors] == [f"台账!B{n}" for n in range(2, 22)]
    assert "选择性粘贴为数值" in problem.errors[0].message


def test_links_to_other_workbooks(tmp_path: Path) -> None:
    problem = refused(package(tmp_path / "link.xlsx", {"xl/externalLinks/externalLink1.xml": "<x/>"}))
    assert problem.code == "unsafe_workbook"


def test_damaged_archives(tmp_path: Path) -> None:
    good = (DATA / "demo-999901-ledger.xlsx").read_bytes()
    for number, damaged in enumerate([good[:-30], good[:2000], good[:500] + b"\0" * 200 + good[700:], b"PK\x03\x04"]):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(damaged)
        assert refused(path).status == 422


def test_a_real_ledger_of_many_rows_passes(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook(write_only=True)
    page = workbook.create_sheet()
    for number in range(5_000):
        page.append([number, f"项目{number}", 1.5, "城关镇"])
    workbook.save(tmp_path / "many.xlsx")
    with bounded():
        inspect(tmp_path / "many.xlsx")
