"""Strict input and problem documents, without an app."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from shared.chassis import strict
from shared.chassis.problems import from_validation, problem_body, problem_response
from shared.errors import FieldError, Invalid, Problem, TooManyRequests, Unauthenticated, Unavailable
from shared.schemas.base import Moment, ProblemOut
from shared.schemas.projects.ledger import ProjectCreate, ProjectPatch

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SECRET = "110101199003078515"


def target(path: str = "/", query: bytes = b"") -> Request:
    return Request(
        {"type": "http", "path": path, "raw_path": path.encode(), "query_string": query, "headers": [], "method": "GET"}
    )


@given(JSON)
def test_proper_json_is_read_as_it_is(value: Any) -> None:
    assert strict.loads(json.dumps(value).encode()) == value


@given(st.binary(max_size=40))
def test_any_bytes_are_json_or_a_problem(content: bytes) -> None:
    with suppress(strict.BadJson):
        json.dumps(strict.loads(content))


@pytest.mark.parametrize(
    "content",
    [b'{"a":1,"a":2}', b'[{"b":{"a":1,"a":1}}]', b"NaN", b"[Infinity]", b"-Infinity", b'"\xff"', b"[" * 10**5, b""],
)
def test_what_is_ambiguous_or_broken_is_refused(content: bytes) -> None:
    with pytest.raises(strict.BadJson):
        strict.loads(content)


def test_a_query_has_known_names_once() -> None:
    strict.check_target(target(query=b"limit=1&q=%E7%94%B2"), ["limit", "q"])
    strict.check_target(target(), [])
    for query in (b"x=1", b"limit=1&limit=1", b"q=%00", b"q=%ff", "q=甲".encode(), b"&".join([b"q=1"] * 200)):
        with pytest.raises(strict.BadQuery):
            strict.check_target(target(query=query), ["limit", "q"])
    with pytest.raises(strict.BadPath):
        strict.check_target(target(path="/a\0"), [])


def test_a_form_has_known_fields_once() -> None:
    strict.check_form(FormData([("a", "1"), ("b", "2")]), ["a", "b", "c"])
    refused: list[list[tuple[str, str | UploadFile]]] = [
        [("x", "1")],
        [("a", "1"), ("a", "1")],
        [("a", "\0")],
        [("a\0", "1")],
    ]
    for fields in refused:
        with pytest.raises(Invalid):
            strict.check_form(FormData(fields), ["a"])


def test_every_finding_is_a_pointer_and_our_own_sentence() -> None:
    body = {"division_code": SECRET, SECRET: 1, "size": {SECRET: 1, "units_sold": SECRET, "gfa_m2": 1.5}}
    with pytest.raises(ValidationError) as found:
        ProjectCreate.model_validate(body)
    located = [{**e, "loc": ("body", *e["loc"])} for e in found.value.errors()]
    problem = from_validation(located)
    assert {e.pointer for e in problem.errors} == {
        "/",
        "/division_code",
        "/name",
        "/size",
        "/size/units_sold",
        "/size/gfa_m2",
    }
    assert SECRET not in problem_body(problem, trace_id="t").decode()


def test_a_pointer_is_escaped() -> None:
    class Odd(BaseModel):
        model_config = {"extra": "forbid"}
        values: dict[str, int]

    with pytest.raises(ValidationError) as found:
        Odd.model_validate({"values": {"a/b~c": "x"}})
    located = [{**e, "loc": ("body", *e["loc"])} for e in found.value.errors()]
    assert from_validation(located).errors[0].pointer == "/values/a~1b~0c"


def test_a_patch_tells_a_null_from_silence() -> None:
    patch = ProjectPatch.model_validate({"size": {"units_sold": None}})
    assert patch.size is not None
    assert patch.size.model_fields_set == {"units_sold"}
    with pytest.raises(ValidationError):
        ProjectPatch.model_validate({"size": None})


def test_problems_are_documents_in_the_language_asked_for() -> None:
    problem = Invalid("详情", [FieldError("/a", "b", "c")])
    chinese = ProblemOut.model_validate_json(problem_body(problem, trace_id="t"))
    assert (chinese.title, chinese.detail, chinese.type) == ("内容不符合要求", "详情", "urn:anju:problem:invalid")
    assert (
        ProblemOut.model_validate_json(problem_body(problem, trace_id="t", language="en-GB")).title == "Invalid content"
    )
    assert problem_response(Unauthenticated(), trace_id="t").headers["www-authenticate"] == "Bearer"
    for retryable in (Unavailable(), TooManyRequests()):
        assert int(problem_response(retryable, trace_id="t").headers["retry-after"]) > 0
    told = problem_response(TooManyRequests(headers={"Retry-After": "60"}), trace_id="t")
    assert told.headers["retry-after"] == "60"


def test_every_problem_has_a_name_of_its_own() -> None:
    def kinds(kind: type[Problem]) -> list[type[Problem]]:
        return [kind, *(k for sub in kind.__subclasses__() for k in kinds(sub))]

    for kind in kinds(Problem):
        assert 400 <= kind.status < 600
        assert kind.code.isascii()
        assert kind.title
        assert kind.title_en.isascii()


def test_a_moment_is_of_our_time() -> None:
    """One before it cannot be compared with a day, one of the year 0001 not even turned into China's time."""
    moment = TypeAdapter(Moment)
    assert moment.validate_python("1949-10-01T15:00:00+08:00").year == 1949
    for wrong in ("0014-01-13T00:00:00+08:00", "0001-01-01T00:00:00+14:00", "2101-01-01T00:00:00Z"):
        with pytest.raises(ValidationError):
            moment.validate_python(wrong)
