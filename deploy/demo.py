"""The demo data of the first local run, sent through the gateway as any client would."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bootstrap:
    """The first administrator, whom the gateway makes at its first start."""

    username: str
    password: str


ACCOUNTS: tuple[tuple[str, str, str], ...] = ()
"""(username, password, what the account is for), as `make run` prints them."""


async def load(gateway_url: str, bootstrap: Bootstrap) -> None:
    """Make the demo accounts and import the demo ledgers. Raises when the gateway refuses any of it."""
