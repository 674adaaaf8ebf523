"""What identity decides without asking anyone: passwords, roles, locks. GB/T 22239-2019 8.1.4.1 and 8.1.4.2."""

import datetime as dt
import string
from collections.abc import Collection

from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.schemas.gateway.identity import NATION, ClientRole, UserRole

MIN_PASSWORD_LENGTH = 10
MIN_PASSWORD_CLASSES = 3
LOCK_AFTER_FAILURES = 5
LOCK = dt.timedelta(minutes=15)
ADDRESS_FAILURES = 20
"""Failures of one address, over all names, from which each further one makes it wait."""
LONGEST_PAUSE = dt.timedelta(minutes=5)
WATCHERS = frozenset({UserRole.AUDITOR, UserRole.INSPECTOR, UserRole.JUDICIAL})


class WeakPassword(Invalid):
    code, title, title_en = "weak_password", "密码不够安全", "Weak password"


class ConflictingRoles(Invalid):
    code, title, title_en = "conflicting_roles", "角色不能兼任", "Conflicting roles"


class OwnAccount(Conflict):
    code, title, title_en = "own_account", "不能停用自己或修改自己的角色", "Own account"


def check_password(password: str, username: str, pointer: str = "/password") -> None:
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    classes = sum(any(ch in kind for ch in password) for kind in kinds)
    classes += any(not any(ch in kind for kind in kinds) for ch in password)
    missing = []
    if len(password) < MIN_PASSWORD_LENGTH:
        missing.append(f"至少 {MIN_PASSWORD_LENGTH} 位")
    if classes < MIN_PASSWORD_CLASSES:
        missing.append("大写字母、小写字母、数字、符号四类中至少三类")
    if username and username in password.lower():
        missing.append("不能包含登录名")
    if missing:
        raise WeakPassword(errors=[FieldError(pointer, "weak_password", f"密码须：{'；'.join(missing)}")])


def check_roles(roles: Collection[UserRole]) -> None:
    """Whoever manages accounts must not be the one who watches (separate admin and audit roles)."""
    if len(set(roles)) != len(roles):
        raise Invalid(errors=[FieldError("/roles", "repeated", "角色不能重复")])
    if UserRole.ADMIN in roles and WATCHERS & set(roles):
        message = "系统管理员不得兼任审计员、纪检监察或政法机关"
        raise ConflictingRoles(errors=[FieldError("/roles", "conflicting_roles", message)])


def check_may_manage(scope: str, division_code: str) -> None:
    """An administrator's accounts lie in its own divisions; what lies outside does not exist for it."""
    if not division_code.startswith(scope):
        raise NotFound("没有此行政区划，或不在您的管辖范围内")


def check_client(role: ClientRole, scope: str, division_code: str) -> None:
    """A service acts for every county, so only the nation makes one."""
    check_may_manage(scope, division_code)
    if role is ClientRole.SERVICE and (scope or division_code != NATION):
        raise Forbidden("系统服务客户端只能由全国管理员建立，且属于全国")


def locked_for(failures: int, failed_at: dt.datetime, now: dt.datetime) -> dt.timedelta:
    """How much longer a name stays locked after its last failure; zero is open."""
    return _rest(LOCK, failed_at, now) if failures >= LOCK_AFTER_FAILURES else dt.timedelta(0)


def pause_for(failures: int, failed_at: dt.datetime, now: dt.datetime) -> dt.timedelta:
    """How much longer an address waits: 1, 2, 4 … seconds, five minutes at most."""
    if failures < ADDRESS_FAILURES:
        return dt.timedelta(0)
    return _rest(min(LONGEST_PAUSE, dt.timedelta(seconds=2 ** min(failures - ADDRESS_FAILURES, 20))), failed_at, now)


def _rest(whole: dt.timedelta, since: dt.datetime, now: dt.datetime) -> dt.timedelta:
    return max(dt.timedelta(0), since + whole - now)


def failures_now(failures: int, failed_at: dt.datetime, now: dt.datetime) -> int:
    """Failures older than a lock no longer count."""
    return failures if now - failed_at < LOCK else 0
