"""Our rows as a workbook a clerk can edit offline and send back: row keys and versions in the last columns."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from shared.workbook.dictionary import VERSION_HEAD, Dictionary
from shared.workbook.kinds import DIMENSION_OF, Fact, Kind
from shared.workbook.readings import canonical
from shared.workbook.sheetscan import column_letters

_FEN_IN_WAN_YUAN = Decimal(10**6)
_EXACT_DIGITS = 15
"""More significant digits than this are lost in a spreadsheet number, so the number is then written as text."""
_SEPARATORS = re.compile(r"[、，,;；\n]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_BEFORE_NUMBER = frozenset(["约", "近", "超过", "不足", "至少", "至多"])
_AFTER_NUMBER = frozenset(["左右", "以上", "以下", "以内", "余", "多"])
_THIN = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="FFDDEBF7")
_KEY_FONT = Font(color="FF7F7F7F")


def head_of(fact: Fact) -> str:
    """The head a fact is exported under, money in 万元: `资金缺口（万元）`."""
    return f"{fact.title}（万元）" if fact.kind is Kind.money else fact.title


def write_export(
    dictionary: Dictionary, rows: Iterable[Mapping[str, Any]], target: Path, *, title: str, as_of: dt.date
) -> None:
    """Write a workbook that reads back as the same facts.

    Args:
        dictionary: whose facts are the columns.
        rows: one mapping per row: facts by name as Python values or in canonical JSON form (absent or None is a blank
            cell), `version`, the dictionary's `key` (or `id`), and `marks` (fact to mark), where there are any.
        target: the file to write.
        title: first line of the sheet.
        as_of: the day of the 截至 line.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(dictionary.title)
    heads = [*map(head_of, dictionary.facts.values()), VERSION_HEAD, dictionary.key_head]
    for number, fact in enumerate([*dictionary.facts, VERSION_HEAD, dictionary.key_head], 1):
        sheet.column_dimensions[column_letters(number)].width = 28 if fact in dictionary.wide else 15
    sheet.freeze_panes = "C4"
    sheet.append([_text(sheet, title, font=Font(size=16, bold=True))])
    sheet.append([_text(sheet, f"截至：{as_of.year}年{as_of.month}月{as_of.day}日")])
    sheet.append([_head(sheet, head) for head in heads])
    for row in rows:
        sheet.append(list(_cells(dictionary, sheet, row)))
    workbook.save(target)


def _cells(dictionary: Dictionary, sheet: WriteOnlyWorksheet, row: Mapping[str, Any]) -> Iterator[Any]:
    marks: Mapping[str, str] = row.get("marks") or {}
    for name in dictionary.facts:
        value = row.get(name)
        if value is None:
            yield None
            continue
        shown = _shown(dictionary, name, value, marks.get(name))
        yield _text(sheet, shown) if isinstance(shown, str) else _typed(sheet, shown)
    key = row.get(dictionary.key, row.get("id"))
    yield row.get("version")
    yield _text(sheet, str(key), font=_KEY_FONT) if key is not None else None


def _shown(dictionary: Dictionary, name: str, value: Any, mark: str | None) -> str | int | Decimal | dt.date:
    kind, enum, labels = dictionary.facts[name].kind, dictionary.facts[name].enum, dictionary.labels
    if kind is Kind.date:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
        return _marked_date(day, mark) if mark else day
    if kind is Kind.flag:
        return "是" if value else "否"
    if kind is Kind.label and enum:
        return labels.label(enum, canonical(value))
    if kind is Kind.labels and enum:
        return "、".join(labels.label(enum, canonical(item)) for item in value) or "无"
    if kind is Kind.names:
        return _joined(list(value))
    if kind in DIMENSION_OF:
        return _number(kind, Decimal(str(value)), mark)
    return str(value)


def _number(kind: Kind, amount: Decimal, mark: str | None) -> str | int | Decimal:
    shown = amount / _FEN_IN_WAN_YUAN if kind is Kind.money else amount
    text = canonical(shown)
    if mark in _BEFORE_NUMBER:
        text = f"{mark}{text}"
    elif mark in _AFTER_NUMBER:
        text = f"{text}{mark}"
    elif kind is not Kind.percent and len(shown.normalize().as_tuple().digits) <= _EXACT_DIGITS:
        return shown
    if kind is Kind.percent:
        return f"{text}%" if mark not in _AFTER_NUMBER else f"{canonical(shown)}%{mark}"
    return str(text)


def _marked_date(day: dt.date, mark: str) -> str | dt.date:
    """The date as finely as it was said, in words the importer reads back as the same day and mark."""
    month = f"{day.year}年{day.month}月"
    words = {
        "月": month,
        "年": f"{day.year}年",
        "前": f"{month}{day.day}日前",
        "约": f"约{month}{day.day}日",
        "季度": f"{day.year}年第{(day.month + 2) // 3}季度",
        "月前": f"{month}前",
        "年前": f"{day.year}年前",
    }
    if mark in words:
        return words[mark]
    if mark.startswith(("月底", "月初")):
        return month + mark[1:]
    if mark in ("上旬", "中旬", "下旬"):
        return month + mark
    if mark.startswith(("年底", "年初")) or mark in ("上半年", "下半年"):
        return f"{day.year}年{mark.removeprefix('年')}"
    return day


def _joined(names: list[str]) -> str:
    """Joined by 、; where a name itself holds a separator, one name per line, which the importer then splits alone."""
    if not names:
        return "无"
    return "\n".join(names) + "\n" if any(_SEPARATORS.search(name) for name in names) else "、".join(names)


def _typed(sheet: WriteOnlyWorksheet, value: int | Decimal | dt.date) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _text(sheet: WriteOnlyWorksheet, text: str, font: Font | None = None) -> Any:
    """A cell that stays text: nothing a person typed becomes a formula, not even after being edited in Excel."""
    cell = WriteOnlyCell(sheet, value=_ESCAPE_LIKE.sub("_x005F_", text.translate(_NOT_IN_XML)))
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@", "\t")):
        cell.quotePrefix = True
    if font is not None:
        cell.font = font
    return cell


def _head(sheet: WriteOnlyWorksheet, text: str) -> Any:
    cell = _text(sheet, text, font=Font(bold=True))
    cell.fill, cell.border = _HEAD_FILL, _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell
