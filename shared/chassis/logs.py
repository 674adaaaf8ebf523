"""One JSON line per event on stdout, no personal data: messages are constants, figures go in `extra`."""

import datetime as dt
import logging
import logging.config

import orjson

from shared.chassis import trace

_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}
"""What every record has; the rest came in `extra`."""


class Formatter(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "trace_id": trace.current().trace_id,
            "service": self.service,
        }
        line |= {name: value for name, value in vars(record).items() if name not in _KNOWN}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["exc_info"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()

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
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": Formatter, "service": service}},
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "json",
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
