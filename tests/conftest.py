"""Fixtures every test can ask for."""

pytest_plugins = ["tests.support.postgres", "tests.support.house", "tests.support.calls"]
