"""What the database refuses or cannot do, as an answer a caller can act on.

The last net: a rule that knows the reason raises its own `Problem` earlier. Driver texts quote rows and stay here.
"""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.errors import Conflict, Invalid, Problem, Unavailable

# SQLSTATE classes: 08 connection, 53 resources, 57 operator intervention (57014 is our own statement timeout),
# 40 rollback (deadlock, serialization), 55 lock not available.
_TRY_AGAIN = {"08", "40", "53", "55", "57"}


def as_problem(error: SQLAlchemyError | OSError | TimeoutError) -> Problem | None:
    """503 for what passes, 409 for a broken key, 422 for a value that does not fit; None for a fault of ours."""
    if isinstance(error, PoolTimeoutError | OSError | TimeoutError):
        return Unavailable("数据库繁忙或暂时无法访问，请稍后再试")
    if not isinstance(error, DBAPIError):
        return None
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if error.connection_invalidated or not state or state[:2] in _TRY_AGAIN:
        return Unavailable("数据库繁忙或暂时无法访问，请稍后再试")
    if state == "23505":
        return Conflict("与已有数据重复")
    if state.startswith("22"):
        return Invalid("某个数值超出了可保存的范围")
    return None
