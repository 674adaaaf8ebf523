"""A house whose services read their days from one file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.parts import PARTS
from tests.support.house import House, running_house


@pytest.fixture
def told_house(tmp_path: Path) -> Iterator[tuple[House, Path]]:
    clock = tmp_path / "clock"
    with running_house(settings={f"{part.prefix}CLOCK_FILE": str(clock) for part in PARTS}) as house:
        yield house, clock
