"""The three roles and the database of one service, made on a running server."""

from dataclasses import dataclass
from pathlib import Path

from deploy.postgres.server import Server

ROLES = Path(__file__).with_name("roles.sql")


@dataclass(frozen=True)
class Passwords:
    """One for each role of a database."""

    owner: str
    app: str
    relay: str


@dataclass(frozen=True)
class Database:
    """How each role reaches one database (`postgresql+asyncpg://…`)."""

    name: str
    owner_url: str
    app_url: str
    relay_url: str


def create(server: Server, name: str, passwords: Passwords) -> Database:
    """Make the database and its roles unless they are there, and set the passwords as given. Raises StartError."""
    secrets = {
        "OWNER_PASSWORD": passwords.owner,
        "APP_PASSWORD": passwords.app,
        "RELAY_PASSWORD": passwords.relay,
    }
    server.psql("-v", f"database={name}", "-f", str(ROLES), secrets=secrets)
    return reach(server, name, name, passwords)


def reach(server: Server, name: str, roles: str, passwords: Passwords) -> Database:
    """The addresses of database `name` for the three roles called after `roles`."""
    return Database(
        name=name,
        owner_url=server.url(f"{roles}_owner", passwords.owner, name),
        app_url=server.url(roles, passwords.app, name),
        relay_url=server.url(f"{roles}_relay", passwords.relay, name),
    )
