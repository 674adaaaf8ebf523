"""Identity on the wire: tokens and their keys, users, machine clients."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from gateway.identity import login, oauth, service
from gateway.identity.queries import Row
from gateway.identity.queries import machines as list_machines
from gateway.identity.queries import users as list_user_rows
from gateway.identity.tokens import Keys
from shared.chassis import scope
from shared.chassis.app import CONFLICT, VERSIONED
from shared.chassis.http import IfMatch, etag, not_modified
from shared.chassis.listing import CurrentPaging
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.chassis.route import Route as PlainRoute
from shared.errors import Problem
from shared.schemas.gateway.identity import (
    ClientCreate,
    ClientOut,
    ClientPage,
    ClientSecretOut,
    MeOut,
    PasswordChange,
    TokenOut,
    UserCreate,
    UserOut,
    UserPage,
    UserPatch,
    UserRole,
)
from shared.storage.route import CurrentSession, Route

router = APIRouter(prefix="/v1/auth", tags=["身份"], route_class=Route)
keys_router = APIRouter(tags=["身份"], route_class=PlainRoute)
ClientIdPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{2,31}$")]
REFUSED: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {"application/problem+json": {"schema": oauth.ERROR_SCHEMA}}}
    for status, text in {
        400: "请求或凭证有误",
        401: "客户端身份有误",
        415: "须为表单内容",
        429: "失败次数过多或请求过于频繁",
    }.items()
}


@keys_router.get("/.well-known/jwks.json", operation_id="get_jwks", summary="签名公钥", openapi_extra={"security": []})
async def get_jwks(request: Request) -> dict[str, Any]:
    keys: Keys = request.app.state.keys
    return keys.document()


@router.post(
    "/token",
    operation_id="create_token",
    summary="登录、续期、客户端取令牌",
    response_model=TokenOut,
    responses=REFUSED,
    openapi_extra={"security": [], "requestBody": oauth.REQUEST_BODY},
)
async def create_token(request: Request, session: CurrentSession, clock: CurrentClock) -> Response:
    # Whoever logs in has not said of which division; what is read is bound by name or hash.
    scope.enter(scope.EVERYWHERE)
    try:
        issued = await _grant(request, session, clock)
    except Problem as problem:
        # Answered, not raised: the failure is counted and recorded in this transaction.
        return oauth.refusal(request, problem)
    body = issued.model_dump_json(exclude_none=True)
    return Response(body, media_type="application/json", headers={"Pragma": "no-cache"})


async def _grant(request: Request, session: CurrentSession, clock: CurrentClock) -> TokenOut:
    form = await oauth.read_form(request)
    keys: Keys = request.app.state.keys
    match oauth.required(form, "grant_type"):
        case "password":
            username, password = oauth.required(form, "username"), oauth.required(form, "password")
            address = request.client.host if request.client else "unknown"
            turnstile: login.Turnstile = request.app.state.turnstile
            async with turnstile.turn():
                return await login.by_password(session, keys, username, password, address, clock.now())
        case "refresh_token":
            return await login.by_refresh_token(session, keys, oauth.required(form, "refresh_token"), clock.now())
        case "client_credentials":
            client_id, secret = oauth.client_credentials(request, form)
            return await login.by_client(session, keys, client_id, secret, clock.now())
        case _:
            raise login.UnsupportedGrant


@router.get("/me", operation_id="get_me", summary="我是谁")
async def get_me(caller: CurrentCaller) -> MeOut:
    return MeOut(
        subject=caller.subject,
        name=caller.name,
        roles=sorted(caller.roles),
        division_code=caller.home,
        scope=caller.scope,
        unit_code=caller.unit,
    )


@router.post("/me/password", operation_id="change_password", summary="修改自己的密码", status_code=204)
async def change_password(
    body: PasswordChange, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> Response:
    await service.change_password(session, caller, body, clock.now())
    return Response(status_code=204)


@router.get("/users", operation_id="list_users", summary="用户列表")
async def list_users(
    session: CurrentSession, paging: CurrentPaging, role: UserRole | None = None, disabled: bool | None = None
) -> UserPage:
    fetch = partial(list_user_rows, session, paging.scope, role=role, disabled=disabled)
    rows, following = await paging.page("users", [role, disabled], fetch, lambda row: [row["username"]])
    return UserPage(items=[_user(row) for row in rows], next_cursor=following)


def _user(row: Row) -> UserOut:
    return UserOut.model_validate({name: row[name] for name in UserOut.model_fields})


def _answer_user(row: Row, response: Response) -> UserOut:
    response.headers["ETag"] = etag(row["version"])
    return _user(row)


@router.post("/users", operation_id="create_user", summary="新增用户", status_code=201, responses=CONFLICT)
async def create_user(
    body: UserCreate, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> UserOut:
    row = await service.create_user(session, caller, body, clock.now())
    response.headers["Location"] = f"/v1/auth/users/{row['id']}"
    return _answer_user(row, response)


@router.get("/users/{user_id}", operation_id="get_user", summary="用户详情")
async def get_user(
    user_id: UUID, caller: CurrentCaller, session: CurrentSession, request: Request, response: Response
) -> UserOut:
    row = await service.load_user(session, caller, user_id)
    unchanged = not_modified(request, etag(row["version"]))
    return unchanged or _answer_user(row, response)  # type: ignore[return-value]  # FastAPI sends a Response as it is


@router.patch("/users/{user_id}", operation_id="update_user", summary="修改用户", responses=VERSIONED)
async def update_user(
    user_id: UUID,
    body: UserPatch,
    version: IfMatch,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> UserOut:
    return _answer_user(await service.update_user(session, caller, user_id, version, body, clock.now()), response)


@router.post("/users/{user_id}/disable", operation_id="disable_user", summary="停用用户", responses=CONFLICT)
async def disable_user(
    user_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> UserOut:
    return _answer_user(await service.set_user_disabled(session, caller, user_id, True, clock.now()), response)


@router.post("/users/{user_id}/enable", operation_id="enable_user", summary="恢复用户", responses=CONFLICT)
async def enable_user(
    user_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> UserOut:
    return _answer_user(await service.set_user_disabled(session, caller, user_id, False, clock.now()), response)


@router.post("/users/{user_id}/revoke-tokens", operation_id="revoke_tokens", summary="使用户的登录全部失效")
async def revoke_tokens(
    user_id: UUID, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock, response: Response
) -> UserOut:
    return _answer_user(await service.revoke_tokens(session, caller, user_id, clock.now()), response)


@router.get("/clients", operation_id="list_clients", summary="客户端列表")
async def list_clients(session: CurrentSession, paging: CurrentPaging) -> ClientPage:
    rows, following = await paging.page("clients", None, partial(list_machines, session, paging.scope))
    return ClientPage(items=[_client(row) for row in rows], next_cursor=following)


def _client(row: Row) -> ClientOut:
    return ClientOut.model_validate({name: row[name] for name in ClientOut.model_fields})


def _with_secret(row: Row, secret: str) -> ClientSecretOut:
    return ClientSecretOut(**_client(row).model_dump(), secret=secret)


@router.post("/clients", operation_id="create_client", summary="新增客户端", status_code=201, responses=CONFLICT)
async def create_client(
    body: ClientCreate,
    caller: CurrentCaller,
    session: CurrentSession,
    clock: CurrentClock,
    response: Response,
) -> ClientSecretOut:
    row, secret = await service.create_client(session, caller, body, clock.now())
    response.headers["Location"] = f"/v1/auth/clients/{row['id']}"
    return _with_secret(row, secret)


@router.get("/clients/{client_id}", operation_id="get_client", summary="客户端详情")
async def get_client(client_id: ClientIdPath, caller: CurrentCaller, session: CurrentSession) -> ClientOut:
    return _client(await service.load_client(session, caller, client_id))


@router.post("/clients/{client_id}/rotate-secret", operation_id="rotate_client_secret", summary="更换客户端密钥")
async def rotate_client_secret(
    client_id: ClientIdPath, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> ClientSecretOut:
    row, secret = await service.rotate_secret(session, caller, client_id, clock.now())
    return _with_secret(row, secret)


@router.post("/clients/{client_id}/disable", operation_id="disable_client", summary="停用客户端")
async def disable_client(
    client_id: ClientIdPath, caller: CurrentCaller, session: CurrentSession, clock: CurrentClock
) -> ClientOut:
    return _client(await service.disable_client(session, caller, client_id, clock.now()))
