"""An .xlsx as an answer."""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOWNLOAD: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}, "description": "xlsx 工作簿"}}
"""`responses` of a route that answers with one."""


def workbook_response(path: Path, filename: str, folder: "tempfile.TemporaryDirectory[str]") -> Response:
    """To keep under this name; its folder goes when it has been sent."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}"}
    return FileResponse(path, media_type=XLSX, headers=headers, background=BackgroundTask(folder.cleanup))
