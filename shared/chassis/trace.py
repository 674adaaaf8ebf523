"""W3C trace context: who asked, across processes. One `Trace` per request, in a context variable."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
# Never a run of digits as long as a phone or an ID number: request ids are logged.
_REQUEST_ID = re.compile(r"(?!.*\d{11})[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True, slots=True)
class Trace:
    trace_id: str
    span_id: str
    request_id: str
    flags: str = "01"

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def begin(traceparent: str | None = None, request_id: str | None = None) -> Trace:
    """Continue a valid incoming trace with a new span, else start one; an odd `X-Request-ID` is replaced."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    known = match is not None and set(match[1]) != {"0"} and set(match[2]) != {"0"}
    trace_id = match[1] if match and known else secrets.token_hex(16)
    if not request_id or not _REQUEST_ID.fullmatch(request_id):
        request_id = trace_id
    return Trace(trace_id, secrets.token_hex(8), request_id, match[3] if match and known else "01")


_current: ContextVar[Trace] = ContextVar("trace")


def current() -> Trace:
    """The trace of this request, or a fresh one outside of any (workers, start-up)."""
    found = _current.get(None)
    if found is None:
        found = begin()
        _current.set(found)
    return found


def enter(trace: Trace) -> None:
    _current.set(trace)
