"""Workbooks that leave the house: the result of an import, and the export that comes back edited."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.projects.ledger.workbook.dictionary import LEDGER
from shared.workbook.export import write_export
from shared.workbook.result import write_result

VERDICTS = {"created": "新增", "updated": "更新", "unchanged": "无变化", "rejected": "未导入", "conflict": "冲突"}


def result_workbook(folder: Path, content: bytes, outcome: Mapping[str, Any]) -> Path:
    """The very file that was sent, with a verdict beside each row."""
    source, target = folder / "source.xlsx", folder / "result.xlsx"
    source.write_bytes(content)
    header_row = max(int("".join(filter(str.isdigit, cell))) for cell in outcome["columns"])
    verdicts = {row["row"]: (VERDICTS[row["verdict"]], _explanation(row)) for row in outcome["rows"]}
    write_result(source, target, verdicts, sheet=outcome["sheet"], header_row=header_row)
    return target


def _explanation(row: Mapping[str, Any]) -> str:
    parts = [f"{e['pointer'].rpartition('!')[2]} {e['message']}" for e in row["errors"]]
    parts += [
        f"{c['cell'].rpartition('!')[2]} 系统中已改为“{c['current']}”，表中为“{c['incoming']}”"
        for c in row["conflicts"]
    ]
    if not parts and row["project_code"]:
        parts = [row["project_code"]]
    return "；".join(parts)


def export_workbook(folder: Path, rows: Sequence[Mapping[str, Any]], as_of: dt.date) -> Path:
    """The ledger with row keys and versions, ready to be edited offline and imported again."""
    target = folder / "export.xlsx"
    write_export(LEDGER, rows, target, title=LEDGER.title, as_of=as_of)
    return target
