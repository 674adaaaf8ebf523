"""The clerk's own workbook back, with what became of each row beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from shared.schemas.imports import RowVerdict
from shared.workbook.dictionary import Dictionary
from shared.workbook.header import RESULT_DETAIL_HEAD, RESULT_HEAD
from shared.workbook.problems import UnsafeWorkbook
from shared.workbook.reader import read
from shared.workbook.sheetscan import column_letters

VERDICT_LABELS: dict[RowVerdict, str] = {
    RowVerdict.created: "新增",
    RowVerdict.updated: "更新",
    RowVerdict.unchanged: "无变化",
    RowVerdict.rejected: "未导入",
    RowVerdict.conflict: "冲突",
}
_COLOURS: dict[RowVerdict, str] = {
    RowVerdict.created: "FFC6EFCE",
    RowVerdict.updated: "FFDDEBF7",
    RowVerdict.unchanged: "FFEDEDED",
    RowVerdict.rejected: "FFFFC7CE",
    RowVerdict.conflict: "FFFFEB9C",
}


def result_workbook(
    folder: Path, content: bytes, outcome: Mapping[str, Any], dictionary: Dictionary, told_by: str
) -> Path:
    """The very file that was sent, with what its import came to (`ImportOut` as JSON) beside each row.

    `told_by`: the field of a row's result that names what the row became. The sheet is looked for again: what was noted
    of its name may be another, because clerks call sheets after people too.
    """
    source, target = folder / "source.xlsx", folder / "result.xlsx"
    source.write_bytes(content)
    header_row = max(int("".join(filter(str.isdigit, cell))) for cell in outcome["columns"])
    verdicts = {row["row"]: (RowVerdict(row["verdict"]), _explanation(row, told_by)) for row in outcome["rows"]}
    write_result(source, target, verdicts, sheet=read(source, dictionary).name, header_row=header_row)
    return target


def _explanation(row: Mapping[str, Any], told_by: str) -> str:
    parts = [f"{e['pointer'].rpartition('!')[2]} {e['message']}" for e in row["errors"]]
    parts += [
        f"{c['cell'].rpartition('!')[2]} 系统中已改为“{c['current']}”，表中为“{c['incoming']}”"
        for c in row["conflicts"]
    ]
    return "；".join(parts) or row[told_by] or ""


def write_result(
    source: Path, target: Path, verdicts: Mapping[int, tuple[RowVerdict, str]], *, sheet: str, header_row: int
) -> None:
    """Copy the workbook with two more columns, 导入结果 and 说明, coloured by verdict; formats are kept.

    Args:
        source: the workbook as it was uploaded (and inspected).
        target: the file to write.
        verdicts: row number as Excel shows it to verdict and detail.
        sheet: name of the sheet that was read.
        header_row: the last row of the heads, as Excel numbers it.
    """
    try:
        workbook = load_workbook(source)
    except (KeyError, ValueError, TypeError, AttributeError):  # what openpyxl raises for parts it cannot read
        raise UnsafeWorkbook("文件中有无法读取的内容，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from None
    page = workbook[sheet]
    column = _result_column(page, header_row)
    for offset, head in enumerate((RESULT_HEAD, RESULT_DETAIL_HEAD)):
        cell = page.cell(header_row, column + offset, head)
        cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center", vertical="center")
    page.column_dimensions[column_letters(column)].width = 12
    page.column_dimensions[column_letters(column + 1)].width = 60
    for number, (verdict, detail) in verdicts.items():
        for offset, text in enumerate((VERDICT_LABELS[verdict], detail)):
            cell = page.cell(number, column + offset, text)
            cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=bool(offset))
            cell.fill = PatternFill("solid", fgColor=_COLOURS[verdict])
    workbook.save(target)


def _result_column(page: Worksheet, header_row: int) -> int:
    """Where an earlier result stands, which is then written over, else right of the last column in use."""
    last = 0
    for row in page.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            if cell.row == header_row and cell.value == RESULT_HEAD:
                return int(cell.column)
            last = max(last, int(cell.column))
    merged = max((area.max_col for area in page.merged_cells.ranges if area.max_row >= header_row), default=0)
    return max(last, merged) + 1
