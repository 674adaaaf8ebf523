"""Import of a workbook, the same in every service: every row's verdict, every error with its cell."""

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.schemas.base import DivisionCode, FieldErrorOut, Moment, Out


class ImportMode(StrEnum):
    all_or_nothing = "all_or_nothing"
    row_by_row = "row_by_row"


class ImportState(StrEnum):
    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    rejected = "rejected"
    failed = "failed"


class RowVerdict(StrEnum):
    created = "created"
    updated = "updated"
    unchanged = "unchanged"
    rejected = "rejected"
    conflict = "conflict"


class FieldConflict(Out):
    """Changed here since the export that is now coming back: nothing is overwritten."""

    fact: str
    cell: str
    current: Any
    incoming: Any


class ImportedRow(Out):
    """`row` is the row number in the sheet, as Excel shows it. A service adds which of its rows that became."""

    row: int
    verdict: RowVerdict
    changed: list[str] = Field(default_factory=list)
    errors: list[FieldErrorOut] = Field(default_factory=list)
    conflicts: list[FieldConflict] = Field(default_factory=list)
    notes: list[FieldErrorOut] = Field(default_factory=list, description="不影响导入的提示，例如未识别的列")


class StatedTotal(Out):
    """A total the sheet states, beside what the records add up to."""

    fact: str
    cell: str
    stated: str
    counted: str
    agrees: bool


class ImportProgress(Out):
    """An import and what came of it. A service adds its `rows`."""

    id: UUID
    division_code: DivisionCode
    filename: str
    state: ImportState
    mode: ImportMode
    dry_run: bool
    as_of: dt.date | None = Field(description="表内“截至”日期，或请求所给，或当日")
    sheet: str | None
    rows_done: int
    rows_total: int | None
    created: int = Field(description="判定为新增的行数；试运行或 state 为 rejected 时没有写入")
    updated: int
    unchanged: int
    rejected: int
    conflicts: int
    columns: dict[str, str] = Field(description='列标题所在单元格与识别出的字段，例如 {"C3": "township"}')
    unknown_columns: list[str]
    stated_totals: list[StatedTotal]
    unmapped_names: list[str] = Field(description="系统中没有登记的单位和领导")
    errors: list[FieldErrorOut] = Field(description="整个文件的问题")
    created_at: Moment
    finished_at: Moment | None
