"""A rehearsal's clock runs ahead as told, and only where nothing is real."""

import datetime as dt
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import SecretStr, ValidationError

from shared.chassis.clock import ShiftedClock, SystemClock
from shared.chassis.settings import Settings


class Some(Settings):
    service: ClassVar[str] = "some"

    data_key: SecretStr = SecretStr("0123456789abcdef-of-a-test")


def test_a_shifted_clock_follows_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = ShiftedClock(file)
    assert abs(clock.now() - SystemClock().now()) < dt.timedelta(minutes=1)
    file.write_text(str(30 * 86_400))
    assert abs(clock.now() - SystemClock().now() - dt.timedelta(days=30)) < dt.timedelta(minutes=1)


def test_production_has_the_machines_time(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://anju:a-secret-nobody-knows-1@127.0.0.1/anju"
    local = Some(environment="local", port=1, database_url=url, clock_file=tmp_path / "clock")
    assert isinstance(local.clock(), ShiftedClock)
    assert isinstance(Some(environment="production", port=1, database_url=url).clock(), SystemClock)
    with pytest.raises(ValidationError, match="clock_file"):
        Some(environment="production", port=1, database_url=url, clock_file=tmp_path / "clock")
