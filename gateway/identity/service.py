"""Use cases of accounts: people (`user_account`) and machines (`client`)."""

import datetime as dt
from typing import Any
from uuid import UUID

from gateway.directory import service as directory
from gateway.identity import queries, rules
from gateway.identity.login import VOID_FOR
from gateway.identity.models import client as client_table
from gateway.identity.models import user_account
from gateway.identity.passwords import hash_password, hash_secret, is_password, new_secret
from gateway.identity.queries import Row
from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.schemas.gateway.identity import ClientCreate, ClientRole, PasswordChange, UserCreate, UserPatch
from shared.storage import Session
from shared.storage.ids import new_id
from shared.storage.journal import Change, record

SHUTS_OUT = frozenset({"roles", "unit_code", "password_hash", "disabled", "secret_hash"})
"""A change of any of these voids the tokens issued before it."""


class NameTaken(Conflict):
    code, title, title_en = "name_taken", "登录名或编号已被使用", "Name taken"


class WrongPassword(Invalid):
    code, title, title_en = "wrong_password", "当前密码不对", "Wrong password"


async def create_user(session: Session, caller: Caller, body: UserCreate, now: dt.datetime) -> Row:
    rules.check_may_manage(caller.scope, body.division_code)
    rules.check_roles(body.roles)
    rules.check_password(body.password, body.username)
    await directory.require_division(session, body.division_code)
    await directory.require_unit(session, body.division_code, body.unit_code)
    values = body.model_dump(exclude={"password"}) | {
        "id": new_id(),
        "password_hash": await hash_password(body.password),
        "disabled": False,
        "epoch": 1,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    row = await queries.add(session, user_account, values)
    if row is None:
        raise NameTaken("请换一个登录名")
    _record(session, caller, row, "user", "create", now, {"roles": row["roles"], "unit_code": row["unit_code"]})
    return row


async def load_user(session: Session, caller: Caller, user_id: UUID, *, lock: bool = False) -> Row:
    row = await queries.user(session, caller.scope, user_id, lock=lock)
    if row is None:
        raise NotFound("没有此用户，或不在您的管辖范围内")
    return row


async def update_user(
    session: Session, caller: Caller, user_id: UUID, version: int, patch: UserPatch, now: dt.datetime
) -> Row:
    row = await load_user(session, caller, user_id, lock=True)
    require_version(row["version"], version)
    given = patch.model_dump(exclude_unset=True, exclude={"password"})
    if "roles" in given:
        rules.check_roles(patch.roles)
        if caller.subject == f"user:{user_id}" and set(given["roles"]) != set(row["roles"]):
            raise rules.OwnAccount("请由另一位管理员修改")
    if "unit_code" in given:
        await directory.require_unit(session, row["division_code"], patch.unit_code)
    if "password" in patch.model_fields_set:
        rules.check_password(patch.password, row["username"])
        given["password_hash"] = await hash_password(patch.password)
    return await _change(session, caller, row, "user", "update", given, now)


async def set_user_disabled(session: Session, caller: Caller, user_id: UUID, disabled: bool, now: dt.datetime) -> Row:
    row = await load_user(session, caller, user_id, lock=True)
    if caller.subject == f"user:{user_id}":
        raise rules.OwnAccount("请由另一位管理员操作")
    return await _change(session, caller, row, "user", "disable" if disabled else "enable", {"disabled": disabled}, now)


async def revoke_tokens(session: Session, caller: Caller, user_id: UUID, now: dt.datetime) -> Row:
    row = await load_user(session, caller, user_id, lock=True)
    return await _change(session, caller, row, "user", "revoke_tokens", {}, now, always=True)


async def change_password(session: Session, caller: Caller, body: PasswordChange, now: dt.datetime) -> None:
    row = await load_user(session, caller, UUID(caller.subject.removeprefix("user:")), lock=True)
    if not await is_password(body.current_password, row["password_hash"]):
        raise WrongPassword(errors=[FieldError("/current_password", "wrong_password", "与现有密码不符")])
    if body.new_password == body.current_password:
        raise rules.WeakPassword(errors=[FieldError("/new_password", "unchanged", "新密码不能与当前密码相同")])
    rules.check_password(body.new_password, row["username"], "/new_password")
    values = {"password_hash": await hash_password(body.new_password)}
    await _change(session, caller, row, "user", "change_password", values, now)


async def create_client(session: Session, caller: Caller, body: ClientCreate, now: dt.datetime) -> tuple[Row, str]:
    """The client and its secret, which nobody can read again."""
    rules.check_client(body.role, caller.scope, body.division_code)
    await directory.require_division(session, body.division_code)
    secret = new_secret()
    values = body.model_dump() | {
        "secret_hash": hash_secret(secret),
        "disabled": False,
        "epoch": 1,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    row = await queries.add(session, client_table, values)
    if row is None:
        raise NameTaken("请换一个客户端编号")
    _record(session, caller, row, "client", "create", now, {"role": row["role"]})
    return row, secret


async def load_client(session: Session, caller: Caller, client_id: str, *, lock: bool = False) -> Row:
    row = await queries.machine(session, caller.scope, client_id, lock=lock)
    if row is None:
        raise NotFound("没有此客户端，或不在您的管辖范围内")
    rules.check_client(ClientRole(row["role"]), caller.scope, row["division_code"])
    return row


async def rotate_secret(session: Session, caller: Caller, client_id: str, now: dt.datetime) -> tuple[Row, str]:
    row = await load_client(session, caller, client_id, lock=True)
    secret = new_secret()
    values = {"secret_hash": hash_secret(secret)}
    return await _change(session, caller, row, "client", "rotate_secret", values, now), secret


async def disable_client(session: Session, caller: Caller, client_id: str, now: dt.datetime) -> Row:
    row = await load_client(session, caller, client_id, lock=True)
    return await _change(session, caller, row, "client", "disable", {"disabled": True}, now)


async def _change(
    session: Session,
    caller: Caller,
    row: Row,
    kind: str,
    action: str,
    given: dict[str, Any],
    now: dt.datetime,
    *,
    always: bool = False,
) -> Row:
    """Write what differs, void tokens where that shuts somebody out, and record it; nothing new changes nothing."""
    changed = {name: value for name, value in given.items() if row[name] != value}
    if not changed and not always:
        return row
    values: dict[str, Any] = changed | {"version": row["version"] + 1, "updated_at": now}
    if always or SHUTS_OUT & changed.keys():
        values["epoch"] = row["epoch"] + 1
        subject = f"{kind}:{row['id']}"
        await queries.void_tokens(session, row["division_code"], subject, values["epoch"], now + VOID_FOR)
    row = await queries.change(session, user_account if kind == "user" else client_table, row, values)
    told = {name: row[name] for name in ("roles", "unit_code", "disabled") if name in changed}
    _record(session, caller, row, kind, action, now, told | {"changed": sorted(changed)})
    return row


def _record(
    session: Session, caller: Caller, row: Row, kind: str, action: str, now: dt.datetime, detail: dict[str, Any]
) -> None:
    """Neither names nor hashes: an event leaves the gateway, and the account can be read where it lives."""
    subject = str(row["id"])
    record(
        session,
        Change(row["division_code"], kind, subject, action, caller, now, version=row["version"], detail=detail),
    )
