"""What an empty installation needs before anybody can log in: divisions, the first administrator, service clients.

`python -m gateway.identity.bootstrap` does it by hand; every gateway process does it at its start. Done again, it adds
divisions, and follows a changed client secret of the settings; a password that was changed since stays.
"""

import asyncio

from gateway.directory import service as directory
from gateway.identity import queries, rules
from gateway.identity.login import VOID_FOR
from gateway.identity.models import client, user_account
from gateway.identity.passwords import hash_password, hash_secret, is_secret
from gateway.settings import GatewaySettings, load
from shared.chassis import scope
from shared.chassis.clock import Clock, SystemClock
from shared.chassis.identity import Caller
from shared.schemas.gateway.identity import NATION, ClientRole, UserRole
from shared.storage import Session, journal
from shared.storage.database import Database
from shared.storage.ids import new_id
from shared.storage.journal import Change
from shared.storage.turns import take_turns

ACTOR = Caller("system:bootstrap", "bootstrap", frozenset(), "", NATION)


async def bootstrap(database: Database, settings: GatewaySettings, clock: Clock) -> None:
    with scope.within(scope.EVERYWHERE):
        async with database.session() as session:
            await take_turns(session, "bootstrap")
            await directory.load_divisions(session)
            await _first_admin(session, settings, clock)
            for name, secret in settings.service_clients.items():
                await _service_client(session, name, secret.get_secret_value(), clock)
            await journal.commit(session, settings.service)


async def _first_admin(session: Session, settings: GatewaySettings, clock: Clock) -> None:
    username, password = settings.bootstrap_user, settings.bootstrap_password
    if username is None or password is None or await queries.user_by_name(session, username) is not None:
        return
    rules.check_password(password.get_secret_value(), username)
    now = clock.now()
    row = await queries.add(
        session,
        user_account,
        {
            "division_code": NATION,
            "id": new_id(),
            "username": username,
            "name": "系统管理员",
            "roles": [UserRole.ADMIN],
            "unit_code": None,
            "password_hash": await hash_password(password.get_secret_value()),
            "disabled": False,
            "epoch": 1,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        },
    )
    assert row is not None
    journal.record(session, Change(NATION, "user", str(row["id"]), "create", ACTOR, now, version=1))


async def _service_client(session: Session, name: str, secret: str, clock: Clock) -> None:
    now = clock.now()
    row = await queries.machine(session, NATION, name, lock=True)
    if row is None:
        values = {"division_code": NATION, "id": name, "name": name, "role": ClientRole.SERVICE, "disabled": False}
        values |= {"secret_hash": hash_secret(secret), "epoch": 1, "version": 1, "created_at": now, "updated_at": now}
        row = await queries.add(session, client, values)
        if row is None:
            raise RuntimeError("a service client's name is taken by a client of a division")
        journal.record(session, Change(NATION, "client", name, "create", ACTOR, now, version=1))
    elif not is_secret(secret, row["secret_hash"]):
        values = {"secret_hash": hash_secret(secret), "epoch": row["epoch"] + 1, "version": row["version"] + 1}
        row = await queries.change(session, client, row, values | {"updated_at": now})
        await queries.void_tokens(session, NATION, f"client:{name}", row["epoch"], now + VOID_FOR)
        change = Change(NATION, "client", name, "rotate_secret", ACTOR, now, version=row["version"])
        journal.record(session, change)


async def main() -> None:
    settings = load()
    database = Database(settings.database_url.get_secret_value(), pool_size=1)
    try:
        await bootstrap(database, settings, SystemClock())
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
