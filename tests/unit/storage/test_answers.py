"""What a retry is told: the answer without what is shown only once."""

from typing import Annotated

import orjson
import pytest
from pydantic import Field

from shared.schemas.base import NotKeptText, Out, Text
from shared.storage.answers import kept


class Step(Out):
    text: NotKeptText = Field(description="sealed")
    day: Text


class Case(Out):
    note: NotKeptText
    steps: list[Step]
    last: Annotated[Step | None, Field(description="of them")]


class Plain(Out):
    name: Text


ANSWER = {
    "note": "密",
    "steps": [{"text": "密", "day": "一"}, {"text": None, "day": "二"}],
    "last": {"text": "密", "day": "二"},
}


@pytest.mark.parametrize("model", [Case, Case | None])
def test_what_is_marked_is_null_however_deep(model: object) -> None:
    assert orjson.loads(kept(model, orjson.dumps(ANSWER))) == {
        "note": None,
        "steps": [{"text": None, "day": "一"}, {"text": None, "day": "二"}],
        "last": {"text": None, "day": "二"},
    }
    assert orjson.loads(kept(list[Case], orjson.dumps([ANSWER, ANSWER | {"last": None}])))[1]["last"] is None


@pytest.mark.parametrize("model", [Plain, None, int, dict[str, str]])
def test_any_other_answer_is_kept_as_it_was_given(model: object) -> None:
    body = b'{ "name":"\xe5\xbc\xa0" }'
    assert kept(model, body) is body
