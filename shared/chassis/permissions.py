"""Deny by default: an operation is open to exactly the roles its service's table names.

A service writes `PERMISSIONS: Permissions = {"create_project": {"office"}, …}`; an app whose routes and table disagree
does not start. Writing to a division other than one's own is refused by `require_home`: a city reads its counties'
ledgers and keeps only its own.

What anybody may ask without an account is granted to the visitor alone and stands under `/v1/<service>/public/`: the
gateway knows it by its address, the service by its table.
"""

from collections.abc import Iterable, Mapping, Set

from shared.chassis.identity import VISITOR, Caller
from shared.errors import Forbidden, NotFound

Permissions = Mapping[str, Set[str]]
PUBLIC = VISITOR.roles
"""Not among `ROLES`: no account has it."""

ROLES: dict[str, str] = {
    "admin": "系统管理员",
    "office": "领导小组办公室",
    "leader": "县领导",
    "department": "部门",
    "taskforce": "专班",
    "township": "乡镇（街道）",
    "petition_office": "信访部门",
    "inspector": "纪检监察",
    "judicial": "政法机关",
    "auditor": "审计员",
    "enterprise": "企业",
    "platform": "市级平台",
    "service": "系统服务",
}


def check_complete(permissions: Permissions, operations: Iterable[str]) -> None:
    """Refuse to start on a route without an entry, an entry without a route, or a role nobody has."""
    routes, table = set(operations), set(permissions)
    if routes != table:
        raise RuntimeError(f"permissions: no entry for {sorted(routes - table)}, no route for {sorted(table - routes)}")
    unknown = {role for roles in permissions.values() for role in roles} - set(ROLES) - PUBLIC
    if unknown:
        raise RuntimeError(f"permissions: unknown roles {sorted(unknown)}")


def is_public(permissions: Permissions, operation: str) -> bool:
    return permissions.get(operation) == PUBLIC


def check_public(permissions: Permissions, paths: Mapping[str, str]) -> None:
    """Refuse to start where the address of an operation and its entry in the table say two things about visitors."""
    for operation, path in paths.items():
        is_granted, is_addressed = bool(permissions.get(operation, frozenset()) & PUBLIC), "/public/" in path
        if is_granted != is_addressed or (is_granted and not is_public(permissions, operation)):
            raise RuntimeError(f"permissions: {operation} must be public by address and by table, or by neither")


def require(permissions: Permissions, operation: str, caller: Caller) -> None:
    if not caller.roles & permissions.get(operation, frozenset()):
        raise Forbidden("您的角色没有此项权限")


def require_home(caller: Caller, division_code: str) -> None:
    """Writes stay in the writer's own division; what lies outside the scope does not exist for the caller."""
    if not caller.covers(division_code):
        raise NotFound("没有此行政区划，或不在您的管辖范围内")
    if caller.home != division_code:
        raise Forbidden("只能修改本级台账；下级台账只可查看")
