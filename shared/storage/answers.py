"""What of an answer may be stored for a retry: all but what its schema marks as `NotKept`."""

from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any, get_args

import orjson
from pydantic import BaseModel

from shared.schemas.base import NotKept

Marked = dict[str, "Marked | None"]
"""Fields that are not kept, and fields that hold such ones."""


def kept(model: Any, body: bytes) -> bytes:
    """The body of an answer, null where its schema says so."""
    marked = _marked_in(model)
    if not marked:
        return body
    answer = orjson.loads(body)
    _empty(answer, marked)
    return orjson.dumps(answer)


@cache
def _marked_in(annotation: Hashable) -> Marked:
    found: Marked = {}
    for model in _models(annotation):
        for name, field in model.model_fields.items():
            if any(isinstance(mark, NotKept) for mark in field.metadata):
                found[name] = None
            elif inner := _marked_in(field.annotation):  # type: ignore[arg-type]  # annotations can be hashed
                found[name] = inner
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _empty(answer: Any, marked: Marked) -> None:
    for item in answer if isinstance(answer, list) else [answer]:
        if isinstance(item, dict):
            for name, inner in marked.items():
                if inner is None:
                    item[name] = None
                else:
                    _empty(item.get(name), inner)
