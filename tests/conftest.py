"""Fixtures every test can ask for, how many examples a property is tried with, and the watch over what goes out."""

from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

from tests.support.planted import DRAWN
from tests.support.profile import count, report
from tests.support.watching import WATCH

pytest_plugins = ["tests.support.postgres", "tests.support.house", "tests.support.calls"]

settings.register_profile("anju", max_examples=count(50, 2_000), deadline=None)
settings.load_profile("anju")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    outcome = yield
    WATCH.settle()
    return outcome


def pytest_sessionfinish() -> None:
    if WATCH.answers:
        counted = {"answers": WATCH.answers, "exports": WATCH.exports, "log_lines": WATCH.log_lines}
        report("the whole run", values=3 * len(DRAWN), permitted_reveals=WATCH.permitted, **counted)
