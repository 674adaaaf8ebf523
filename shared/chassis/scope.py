"""Which divisions this task may see. Storage writes it into every transaction it begins; unset means no row at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

EVERYWHERE = ""
_scope: ContextVar[str | None] = ContextVar("scope", default=None)


def enter(prefix: str) -> None:
    """Set the scope of this request: a division prefix of 0, 2, 4 or 6 digits."""
    if prefix and not (prefix.isascii() and prefix.isdigit()):
        raise ValueError("a scope holds only digits")
    _scope.set(prefix)


@contextmanager
def within(prefix: str) -> Iterator[None]:
    """The same for a block: workers enter one division at a time, identity looks over all for a moment."""
    token = _scope.set(None)
    try:
        enter(prefix)
        yield
    finally:
        _scope.reset(token)


def bounds() -> tuple[str, str]:
    """Half-open range of division codes; `('', '')` matches nothing."""
    prefix = _scope.get()
    if prefix is None:
        return "", ""
    return (prefix or "0"), f"{prefix}~"
