"""Fixtures every test can ask for, and how many examples a property is tried with."""

from hypothesis import settings

from tests.support.profile import count

pytest_plugins = ["tests.support.postgres", "tests.support.house", "tests.support.calls"]

settings.register_profile("anju", max_examples=count(50, 2_000), deadline=None)
settings.load_profile("anju")
