"""Settings, traces, scopes and permissions."""

import asyncio
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr, ValidationError

from shared.chassis import scope, trace
from shared.chassis.identity import Caller, prefix_of
from shared.chassis.permissions import check_complete, require, require_home
from shared.chassis.settings import Settings
from shared.errors import Forbidden, NotFound

GOOD = "postgresql+asyncpg://anju:9f8e7d6c5b4a39281706@127.0.0.1/anju"


class ServiceSettings(Settings):
    service: ClassVar[str] = "test"

    data_key: SecretStr = SecretStr("0123456789abcdef-of-a-test")


def settings(**changed: Any) -> ServiceSettings:
    values: dict[str, Any] = {"port": 8000, "database_url": GOOD} | changed
    return ServiceSettings(**values)


def test_production_is_the_default_and_takes_good_secrets() -> None:
    assert settings().environment == "production"


@pytest.mark.parametrize(
    "changed",
    [
        {"data_key": "changeme"},
        {"data_key": "SECRET"},
        {"data_key": ""},
        {"data_key": "short-secret"},
        {"database_url": "postgresql+asyncpg://anju:postgres@127.0.0.1/anju"},
        {"database_url": "postgresql+asyncpg://anju:anju@127.0.0.1/anju"},
        {"database_url": "postgresql+asyncpg://anju@127.0.0.1/anju"},
        {"relay_database_url": "postgresql+asyncpg://anju:@127.0.0.1/anju"},
    ],
)
def test_production_refuses_a_secret_everybody_knows_without_telling_it(changed: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(**changed)
    (name,) = changed
    assert name in str(refused.value)
    secret = changed[name].partition("@")[0].rpartition(":")[2]
    assert not secret or secret.startswith("//") or secret not in str(refused.value)
    settings(environment="local", **changed)


def test_old_keys_are_told_beside_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().keys().each == (b"0123456789abcdef-of-a-test",)
    monkeypatch.setenv("DATA_KEYS_OTHER", '{"1": "an-older-key-of-a-test"}')
    keys = settings(data_key_id=2).keys()
    assert (keys.current, keys.each) == (2, (b"0123456789abcdef-of-a-test", b"an-older-key-of-a-test"))
    monkeypatch.setenv("DATA_KEYS_OTHER", "")
    assert settings().keys().current == 1


def test_production_refuses_an_old_key_everybody_knows() -> None:
    with pytest.raises(ValidationError, match=r"data_keys_other\.2"):
        settings(data_keys_other={2: "changeme"})


@pytest.mark.parametrize("told", ["{", "[]", '{"0": "x"}', '{"256": "x"}', '{"1": "an-older-key-of-a-test"}'])
def test_keys_are_told_by_an_id_of_their_own(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("DATA_KEYS_OTHER", told)
    with pytest.raises(ValidationError) as refused:
        settings()
    assert "data_keys_other" in str(refused.value)
    assert "older" not in str(refused.value)


@pytest.mark.parametrize("changed", [{"port": 0}, {"pool_size": 0}, {"job_lease_seconds": 61}, {"environment": "test"}])
def test_settings_have_bounds(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**changed)


def test_a_trace_is_continued_with_a_span_of_its_own() -> None:
    came = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    here = trace.begin(came, "req-12345678")
    assert here.traceparent.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert here.traceparent.endswith("-00")
    assert here.span_id != "b7ad6b7169203331"
    assert here.request_id == "req-12345678"


@pytest.mark.parametrize(
    "odd", ["", "x", "00-" + "0" * 32 + "-" + "1" * 16 + "-01", "00-" + "1" * 32 + "-" + "0" * 16 + "-01", "ff-1-1-1"]
)
def test_an_odd_trace_is_replaced(odd: str) -> None:
    here = trace.begin(odd, "a\nb")
    assert len(here.trace_id) == 32
    assert set(here.trace_id) != {"0"}
    assert here.request_id == here.trace_id


async def test_each_task_has_its_own_trace_and_scope() -> None:
    async def task(prefix: str) -> tuple[str, tuple[str, str]]:
        scope.enter(prefix)
        trace.enter(trace.begin())
        mine = trace.current().trace_id
        await asyncio.sleep(0)
        assert trace.current().trace_id == mine
        return mine, scope.bounds()

    (a, first), (b, second) = await asyncio.gather(task("110101"), task("1102"))
    assert a != b
    assert (first, second) == (("110101", "110101~"), ("1102", "1102~"))


def test_a_scope_is_a_range_of_codes_and_nothing_when_unset() -> None:
    with scope.within("9999"):
        lo, hi = scope.bounds()
        assert [lo <= code < hi for code in ("999900", "999999", "999800", "1")] == [True, True, False, False]
    with scope.within(scope.EVERYWHERE):
        assert scope.bounds() == ("0", "~")
    for odd in ("'; drop", "99 ", "９９", "9~"):
        with pytest.raises(ValueError, match="digits"), scope.within(odd):
            pass


def caller(role: str, home: str) -> Caller:
    return Caller("user:1", "张三", frozenset({role}), prefix_of(home), home)


def test_prefixes() -> None:
    assert [prefix_of(c) for c in ("999902", "999900", "990000", "000000", "110100")] == [
        "999902",
        "9999",
        "99",
        "",
        "1101",
    ]


def test_nobody_may_what_the_table_does_not_name() -> None:
    table = {"read": {"office"}, "write": frozenset[str]()}
    require(table, "read", caller("office", "999902"))
    for operation, role in (("read", "leader"), ("write", "office"), ("forgotten", "office")):
        with pytest.raises(Forbidden):
            require(table, operation, caller(role, "999902"))


def test_an_app_whose_table_and_routes_disagree_does_not_start() -> None:
    check_complete({"read": {"office"}}, ["read"])
    for table, routes in (
        ({"read": {"office"}}, ["read", "write"]),
        ({"read": {"office"}}, []),
        ({"read": {"x"}}, ["read"]),
    ):
        with pytest.raises(RuntimeError):
            check_complete(table, routes)


def test_writes_stay_at_home_and_what_is_beyond_does_not_exist() -> None:
    require_home(caller("office", "999902"), "999902")
    with pytest.raises(Forbidden):
        require_home(caller("office", "999900"), "999902")
    with pytest.raises(NotFound):
        require_home(caller("office", "999902"), "999901")
