"""The watch over what goes out sees what it is there to see, and lets nobody out but by the operations it names."""

import json
import logging

import pytest

from gateway.docs.merge import operations
from services.petitions.registry import people
from tests.support.county import County
from tests.support.document import merged_document
from tests.support.house import House
from tests.support.intake import petition
from tests.support.petitions import County as Registry
from tests.support.petitions import directory, petition_county, petitions, running_petitions
from tests.support.planted import PEOPLE
from tests.support.registers import workbook
from tests.support.searching import Search
from tests.support.watching import PERMITTED, WATCH, Leak, Watch

__all__ = ["directory", "petition_county", "petitions", "running_petitions"]

SOMEBODY = PEOPLE[3]
REVEAL = "/v1/petitions/petitions/5/reveal"
WHOLE = json.dumps(SOMEBODY.facts).encode()


@pytest.mark.parametrize("value", SOMEBODY.values[:3])
@pytest.mark.parametrize("shape", [lambda one: json.dumps([one]).encode(), str.encode, lambda one: workbook(["", one])])
def test_a_value_is_seen_in_any_answer(value: str, shape: object) -> None:
    assert callable(shape)
    with pytest.raises(Leak, match=value):
        Watch().answer("GET", "/v1/petitions/petitions", 200, {}, shape(value))


def test_a_value_is_seen_in_a_header_and_in_a_line() -> None:
    with pytest.raises(Leak):
        Watch().answer("GET", "/v1/petitions/export", 200, {"location": f"/x?q={SOMEBODY.phone}"}, b"")
    watch = Watch()
    watch.line(f'{{"message":"refused","value":"{SOMEBODY.id_number}"}}\n', "it")
    with pytest.raises(Leak):
        watch.settle()
    watch.settle()


def test_only_a_first_and_granted_reveal_may_hold_somebody() -> None:
    watch = Watch()
    watch.answer("POST", REVEAL, 200, {}, WHOLE)
    assert (watch.answers, watch.permitted) == (1, 1)
    for method, path, status, headers in (
        ("GET", REVEAL, 200, {}),
        ("POST", f"{REVEAL}/more", 200, {}),
        ("POST", REVEAL, 422, {}),
        ("POST", REVEAL, 200, {"idempotency-replayed": "true"}),
    ):
        with pytest.raises(Leak):
            watch.answer(method, path, status, headers, WHOLE)


def test_what_is_permitted_are_operations_there_are() -> None:
    known = {
        operation["operationId"]: (method.upper(), path) for path, method, operation in operations(merged_document())
    }
    assert {name: known[name] for name in PERMITTED} == {name: reveal[:2] for name, reveal in PERMITTED.items()}


async def test_the_service_in_process_is_watched(petition_county: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await petition_county.create(**petition())
    monkeypatch.setitem(people.MASKS, "name", str)
    with pytest.raises(Leak):
        await petition_county.read(f"/petitions/{made['id']}")
    logging.getLogger("anju.test").info("somebody", extra={"value": SOMEBODY.phone})
    with pytest.raises(Leak):
        WATCH.settle()


async def test_the_house_is_watched(house: House, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a word of its own: what this test leaves behind must not be found by others."""
    monkeypatch.setattr(WATCH, "search", Search(["看守试验楼"]))
    with pytest.raises(Leak):
        await county.new_project(name="看守试验楼")
    with (house.logs / "gateway-0.log").open("a", encoding="utf-8") as log:
        log.write("somebody asked for 看守试验楼\n")
    with pytest.raises(Leak, match=r"gateway-0\.log"):
        WATCH.settle()
