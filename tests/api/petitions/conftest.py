"""The petitions service in process, one county per test."""

from tests.support.petitions import (
    directory,
    fresh_petitions,
    petition_county,
    petition_statements,
    petitions,
    running_petitions,
)

__all__ = [
    "directory",
    "fresh_petitions",
    "petition_county",
    "petition_statements",
    "petitions",
    "running_petitions",
]
