"""Identifiers: UUIDv7, so that keys grow with time and indexes stay dense."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
