"""A log line: one JSON object, what came in `extra` beside what every line has, and nothing an exception quotes."""

import logging
import sys

import orjson

from shared.chassis import trace
from shared.chassis.logs import Formatter


def line(**more: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "anju.test", "levelname": "INFO", "msg": "request", **more})
    found: dict[str, object] = orjson.loads(Formatter("petitions").format(record))
    return found


def test_a_line_says_who_when_and_what() -> None:
    found = line(status=200, ms=1.5)
    assert str(found.pop("at")).endswith("+00:00")
    assert found == {
        "level": "INFO",
        "logger": "anju.test",
        "message": "request",
        "trace_id": trace.current().trace_id,
        "service": "petitions",
        "status": 200,
        "ms": 1.5,
    }


def test_an_exception_is_told_by_its_place_and_never_by_its_text() -> None:
    try:
        int("张三")
    except ValueError:
        found = line(exc_info=sys.exc_info())
    assert found["error"] == "ValueError"
    assert str(found["exc_info"]).startswith("ValueError at ")
    assert "test_logs.py" in str(found["exc_info"])
    assert "张三" not in str(found)
