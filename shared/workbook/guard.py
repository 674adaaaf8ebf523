"""What an uploaded file must be before anything parses it: an .xlsx of bounded size without code, formulas or tricks.

Everything is streamed: memory stays at a few megabytes whatever the file says about itself.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

from shared.errors import FieldError
from shared.workbook.archive import Archive, sniff
from shared.workbook.problems import (
    FormulasFound,
    NotAWorkbook,
    SheetTooLarge,
    UnsafeWorkbook,
)
from shared.workbook.sheetscan import (
    LISTED_FORMULAS,
    MAX_CELLS,
    Extent,
    check_text_volume,
    checked_xml,
    measure,
    text_sizes,
)

_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_TEXTS_PART = re.compile(r"xl/sharedstrings\.xml", re.IGNORECASE)
_MAX_INDEX_BYTES = 4 * 2**20
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def inspect(path: Path) -> None:
    """Refuse what must not be parsed.

    Raises:
        WorkbookTooLarge: 413, over 20 MB, or over 200 MB once unpacked.
        NotAWorkbook: 415, .xls, .xlsm, .xlsb, .ods, CSV, encrypted, anything that is not .xlsx.
        SheetTooLarge: 422, over 60,000 rows, 300 columns or 2,000,000 cells, blank ones included.
        UnsafeWorkbook: 422, damaged, with DTD or entities, links to other workbooks.
        FormulasFound: 422, formulas; `errors` lists the first 20 cells.
    """
    sniff(path)
    with Archive(path) as archive:
        _check_kind(archive)
        extents: dict[str, Extent] = {}
        sizes: list[int] = []
        for name in archive.names:
            stream = archive.chunks(name)
            lower = name.lower()
            if _SHEET_PART.fullmatch(name):
                extents[name] = measure(checked_xml(stream))
            elif _TEXTS_PART.fullmatch(name):
                sizes = text_sizes(checked_xml(stream))
            elif lower.endswith((".xml", ".rels", ".vml")):
                for _ in checked_xml(stream, strict=not lower.endswith(".vml")):
                    pass
            else:
                for _ in stream:
                    pass
        if not extents:
            raise NotAWorkbook("工作簿里没有工作表")
        if sum(max(e.cells, e.rows * e.columns) for e in extents.values()) > MAX_CELLS:
            raise SheetTooLarge("各工作表的单元格合计超过 200 万个，请拆分成几个文件后再上传")
        for name, extent in extents.items():
            check_text_volume(sizes, extent.cells, lambda name=name: archive.chunks(name))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        _check_formulas(archive, extents)


def _check_kind(archive: Archive) -> None:
    names = {name.lower() for name in archive.names}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise NotAWorkbook("这不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 后再上传")
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise NotAWorkbook("工作簿含有宏，请另存为不带宏的 .xlsx 后再上传")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise UnsafeWorkbook("工作簿引用了其他文件，请在“数据 → 编辑链接”中断开链接后再上传")


def _check_formulas(archive: Archive, extents: dict[str, Extent]) -> None:
    if not any(extent.formulas for extent in extents.values()):
        return
    names = _sheet_names(archive)
    cells = [f"{names.get(part, part)}!{cell}" for part, extent in extents.items() for cell in extent.formulas]
    message = "请复制后选择性粘贴为数值"
    raise FormulasFound(
        "请把含公式的单元格" + message.removeprefix("请") + "再上传",
        [FieldError(cell, "formula", message) for cell in cells[:LISTED_FORMULAS]],
    )


def _sheet_names(archive: Archive) -> dict[str, str]:
    """Worksheet part to the name on its tab."""
    parts = {name.lower(): name for name in archive.names}
    texts = [_small(archive, parts.get(p)) for p in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml")]
    relations, workbook = (ElementTree.fromstring(text) if text else None for text in texts)  # noqa: S314 - checked_xml passed both: no DTD, no entities
    if relations is None or workbook is None:
        return {}
    targets = {r.get("Id"): (r.get("Target") or "").lstrip("/") for r in relations}
    names: dict[str, str] = {}
    for sheet in workbook.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            target = targets.get(sheet.get(_RELATION_ID) or sheet.get(_STRICT_RELATION_ID), "")
            part = parts.get((target if target.startswith("xl/") else f"xl/{target}").lower())
            if part:
                names[part] = sheet.get("name") or part
    return names


def _small(archive: Archive, name: str | None) -> bytes:
    collected = b""
    for chunk in archive.chunks(name) if name else ():
        collected += chunk
        if len(collected) > _MAX_INDEX_BYTES:
            return b""
    return collected
