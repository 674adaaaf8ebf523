"""How far a worksheet reaches and what it holds, found in its XML stream before any library builds a table of it.

The libraries that parse later allocate the whole rectangle between the first and the last cell, and one copy of a
shared text per cell that shows it; so both are measured here first.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from shared.workbook.problems import SheetTooLarge, UnsafeWorkbook

MAX_ROWS = 60_000
MAX_COLUMNS = 300
MAX_CELLS = 2_000_000
MAX_TEXT_BYTES = 200 * 2**20
MAX_TAG_BYTES = 2**20
LISTED_FORMULAS = 20
_ATTRIBUTES = rb"""([^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*)>"""
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_ODD_CELL = re.compile(rb"<c[^ a-zA-Z]")
_PREFIXED = re.compile(rb":(?:c|row|f|mergeCell|si)[\s/>]")
_ADDRESS = re.compile(rb"""(?:^|\s)r\s*=\s*["']\s*([A-Za-z]{0,3})(\d{1,7})\s*["']""")
_HAS_ADDRESS = re.compile(rb"(?:^|\s)r\s*=")
_CORNER = re.compile(rb"([A-Za-z]{1,3})\$?(\d{1,7})")
_ODD = "工作表结构异常，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"


@dataclass(frozen=True, slots=True)
class _Tags:
    """Patterns of the elements that matter. Nearly every writer leaves them unprefixed, which is found much faster."""

    cell: re.Pattern[bytes]
    row: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    merge: re.Pattern[bytes]
    text: re.Pattern[bytes]

    @classmethod
    def after(cls, opening: bytes) -> "_Tags":
        def tag(name: bytes, rest: bytes = b"") -> re.Pattern[bytes]:
            return re.compile(opening + name + rb"(?=[\s/>])" + rest)

        return cls(
            tag(b"c", _ATTRIBUTES), tag(b"row", _ATTRIBUTES), tag(b"f"), tag(b"mergeCell", _ATTRIBUTES), tag(b"si")
        )

    @staticmethod
    def of(piece: bytes) -> "_Tags":
        return _ANY_PREFIX if _PREFIXED.search(piece) else _UNPREFIXED


_UNPREFIXED = _Tags.after(b"<")
_ANY_PREFIX = _Tags.after(rb"<(?:[^\s<>/:!?]+:)?")


def column_number(letters: str) -> int:
    """`A` → 1, `AB` → 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → `A`, 28 → `AB`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def checked_xml(chunks: Iterable[bytes], *, strict: bool = True) -> Iterator[bytes]:
    """Pass the chunks on; UTF-8 without DOCTYPE, and well-formed where `strict`, or UnsafeWorkbook."""
    parser = expat.ParserCreate()

    def doctype(*_: Any) -> None:
        raise UnsafeWorkbook("工作簿中含有不允许的 XML 声明（DTD 或实体）")

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise UnsafeWorkbook(_ODD)

    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    first = True
    try:
        for chunk in chunks:
            if first and chunk[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
                raise UnsafeWorkbook(_ODD)
            first = False
            parser.Parse(chunk, False)
            yield chunk
        parser.Parse(b"", True)
    except expat.ExpatError:
        if strict:
            raise UnsafeWorkbook(_ODD) from None


def _whole_tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the stream where a tag begins, so that no tag is split; `<` cannot stand anywhere else in checked XML."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(b"<")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        if len(rest) > MAX_TAG_BYTES:
            raise UnsafeWorkbook(_ODD)
    yield rest


@dataclass(slots=True)
class Extent:
    """Farthest row and column a sheet mentions, its number of cells, addresses of its first formulas."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    formulas: list[str] = field(default_factory=list)

    def reach(self, rows: int, columns: int) -> None:
        """Grow to this corner. Raises SheetTooLarge beyond 60,000 rows, 300 columns or 2,000,000 cells."""
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)
        if self.rows > MAX_ROWS:
            raise SheetTooLarge("工作表的行数超过 60000 行（空白行也计算在内），请删去多余的行后再上传")
        if self.columns > MAX_COLUMNS:
            raise SheetTooLarge("工作表的列数超过 300 列（空白列也计算在内），请删去多余的列后再上传")
        if max(self.rows * self.columns, self.cells) > MAX_CELLS:
            raise SheetTooLarge("工作表的单元格超过 200 万个，请拆分成几个文件后再上传")


def measure(chunks: Iterable[bytes]) -> Extent:
    """Extent of one worksheet part."""
    extent = Extent()
    rows_seen = 0
    last_address = ""
    for piece in _whole_tags(chunks):
        tags = _Tags.of(piece)
        cells = _PLAIN_CELL.findall(piece)
        if tags is not _UNPREFIXED or len(cells) != piece.count(b"<c ") or _ODD_CELL.search(piece):
            cells = [_address(attributes) for attributes in tags.cell.findall(piece)]
        rows = tags.row.findall(piece)
        rows_seen += len(rows)
        extent.cells += len(cells)
        numbers = {number for _, number in cells}
        numbers.update(_address(attributes)[1] for attributes in rows)
        letters = {letter for letter, _ in cells}
        extent.reach(
            max(rows_seen, *(int(number or b"0") for number in numbers), 0),
            max((column_number(letter.decode()) for letter in letters), default=0),
        )
        for attributes in tags.merge.findall(piece):
            for letter, number in _CORNER.findall(attributes):
                extent.reach(int(number), column_number(letter.decode()))
        if len(extent.formulas) < LISTED_FORMULAS and tags.formula.search(piece):
            extent.formulas += _formula_cells(piece, last_address)[: LISTED_FORMULAS - len(extent.formulas)]
        if cells:
            last_address = b"".join(cells[-1]).decode()
    return extent


def _address(attributes: bytes) -> tuple[bytes, bytes]:
    found = _ADDRESS.search(attributes)
    if found is None:
        if _HAS_ADDRESS.search(attributes):
            raise UnsafeWorkbook(_ODD)
        return b"", b""
    return found[1], found[2]


def _formula_cells(piece: bytes, before: str) -> list[str]:
    """Addresses of the cells that hold a formula; `before` is the cell left open by the piece before."""
    tags = _Tags.of(piece)
    cells = [(found.start(), b"".join(_address(found[1])).decode()) for found in tags.cell.finditer(piece)]
    addresses, at = [], 0
    for formula in tags.formula.finditer(piece):
        while at < len(cells) and cells[at][0] < formula.start():
            at += 1
        addresses.append(cells[at - 1][1] if at else before)
    return addresses


def text_sizes(chunks: Iterable[bytes]) -> list[int]:
    """Upper bound of the bytes of each shared text, by index."""
    starts, offset = [], 0
    for piece in _whole_tags(chunks):
        starts += [offset + found.start() for found in _Tags.of(piece).text.finditer(piece)]
        offset += len(piece)
        if len(starts) > MAX_CELLS:
            raise SheetTooLarge("工作簿中的文字过多，请拆分成几个文件后再上传")
    return [end - start for start, end in zip(starts, [*starts[1:], offset], strict=True)]


def check_text_volume(sizes: list[int], cells: int, again: Callable[[], Iterable[bytes]]) -> None:
    """Refuse a sheet whose cells repeat shared texts beyond 200 MB; `again` streams the sheet a second time."""
    if not sizes or max(sizes) * cells <= MAX_TEXT_BYTES:
        return
    volume, shared, index = 0, False, ""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal shared, index
        if tag.rpartition(":")[2] == "c":
            shared, index = attributes.get("t") == "s", ""

    def text(data: str) -> None:
        nonlocal index
        if shared and len(index) < 9:
            index += data.strip()

    def end(tag: str) -> None:
        nonlocal volume
        if tag.rpartition(":")[2] == "c" and shared and index.isdecimal() and int(index) < len(sizes):
            volume += sizes[int(index)]
            if volume > MAX_TEXT_BYTES:
                raise SheetTooLarge("工作簿中的文字过多，请拆分成几个文件后再上传")

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    for chunk in again():
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
