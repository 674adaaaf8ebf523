"""Passwords, roles, locks and scopes, decided without asking anyone."""

import datetime as dt

import pytest

from gateway.identity import rules
from shared.errors import Forbidden, NotFound
from shared.schemas.gateway.identity import ClientRole, UserRole

NOW = dt.datetime(2024, 11, 30, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("password", ["Anju-2024-ok", "安居工程Anju2024", "aB3aB3aB3a", "UPPER-lower-"])
def test_good_passwords(password: str) -> None:
    rules.check_password(password, "li.ming")


@pytest.mark.parametrize(
    ("password", "missing"),
    [("Aa1-", 1), ("aaaaaaaaaaa1", 1), ("aaaa", 2), ("xLI.MING2024", 1), ("li.ming", 3)],
)
def test_weak_passwords(password: str, missing: int) -> None:
    with pytest.raises(rules.WeakPassword) as refused:
        rules.check_password(password, "li.ming")
    [error] = refused.value.errors
    assert error.message.count("；") == missing - 1
    assert password not in error.message


def test_whoever_manages_does_not_watch() -> None:
    rules.check_roles([UserRole.AUDITOR, UserRole.INSPECTOR])
    for watcher in rules.WATCHERS:
        with pytest.raises(rules.ConflictingRoles):
            rules.check_roles([UserRole.ADMIN, watcher])


def test_scopes() -> None:
    rules.check_may_manage("9999", "999902")
    rules.check_may_manage("", "000000")
    for home in ("999901", "999900", "000000"):
        with pytest.raises(NotFound):
            rules.check_may_manage("999902", home)
    rules.check_client(ClientRole.SERVICE, "", "000000")
    with pytest.raises(Forbidden):
        rules.check_client(ClientRole.SERVICE, "9999", "999902")


def test_a_lock_lasts_fifteen_minutes() -> None:
    minutes = [rules.locked_for(5, NOW, NOW + dt.timedelta(minutes=m)).total_seconds() / 60 for m in (0, 10, 15, 99)]
    assert minutes == [15, 5, 0, 0]
    assert not rules.locked_for(4, NOW, NOW)
    assert rules.failures_now(4, NOW, NOW + dt.timedelta(minutes=14)) == 4
    assert rules.failures_now(4, NOW, NOW + dt.timedelta(minutes=15)) == 0


def test_an_address_waits_longer_each_time() -> None:
    waits = [rules.pause_for(failures, NOW, NOW).total_seconds() for failures in (19, 20, 21, 25, 40, 10_000)]
    assert waits == [0, 1, 2, 32, 300, 300]
