"""One JSON line per event on stdout, no personal data: messages are constants, figures go in `extra`."""

import logging
import logging.config

from pythonjsonlogger.json import JsonFormatter

from shared.chassis import trace


class _TraceFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.trace_id = trace.current().trace_id
        if record.exc_info and record.exc_info[1] is not None:
            record.error = type(record.exc_info[1]).__name__
        return True


class _Formatter(JsonFormatter):
    def formatException(self, ei: object) -> str:
        """Where it broke, never with what: exception texts of drivers and validators quote the row."""
        frames = []
        assert isinstance(ei, tuple)
        tb = ei[2]
        while tb is not None:
            code = tb.tb_frame.f_code
            frames.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{tb.tb_lineno} {code.co_name}")
            tb = tb.tb_next
        name = getattr(ei[0], "__name__", "Exception")
        return f"{name} at {' < '.join(reversed(frames[-12:]))}"


def configure(service: str, level: str = "INFO") -> None:
    """Send everything, uvicorn's lines included, through the one formatter."""
    formatter = {
        "()": _Formatter,
        "fmt": "{asctime}{levelname}{name}{message}{trace_id}",
        "style": "{",
        "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        "static_fields": {"service": service},
        "json_ensure_ascii": False,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"trace": {"()": _TraceFilter}},
            "formatters": {"json": formatter},
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "json",
                    "filters": ["trace"],
                }
            },
            "root": {"handlers": ["stdout"], "level": level},
            "loggers": {
                "uvicorn": {"handlers": [], "propagate": True},
                "uvicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
                "aiohttp.access": {"propagate": False, "level": "CRITICAL"},
                # It logs whole addresses, and a query may name a person.
                "httpx": {"level": "WARNING"},
            },
        }
    )
