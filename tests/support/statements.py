"""How many statements a request sends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from shared.storage.database import Database


@dataclass
class Statements:
    """SQL sent to one database while counting, BEGIN and COMMIT included."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@contextmanager
def counting(database: Database) -> Iterator[Statements]:
    seen, engine = Statements(), database.engine.sync_engine

    def executed(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.texts.append(statement)

    def begun(_: Any) -> None:
        seen.texts.append("BEGIN")

    def committed(_: Any) -> None:
        seen.texts.append("COMMIT")

    listeners: dict[str, Callable[..., Any]] = {"before_cursor_execute": executed, "begin": begun, "commit": committed}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield seen
    for name, listener in listeners.items():
        event.remove(engine, name, listener)
