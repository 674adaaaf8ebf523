"""Typed errors: what went wrong, told so that a clerk knows what to fix (RFC 9457), without any framework.

A rule or a use case raises a `Problem`; the edge turns it into `application/problem+json`. The `code` is stable and
English, `title` and `detail` are Chinese, and nothing the caller sent is ever repeated: a message that returns the
input returns ID numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to fix: where (`pointer`, RFC 6901, or a cell address such as `台账!D7`), which rule, what to do."""

    pointer: str
    code: str
    message: str


@dataclass(slots=True)
class Problem(Exception):
    """An answer other than 2xx. Subclass it beside the rule that raises it; override the class attributes."""

    detail: str = ""
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    status = 400
    code = "bad_request"
    title = "请求有误"
    title_en = "Bad request"

    def __post_init__(self) -> None:
        Exception.__init__(self, self.code)


class Unauthenticated(Problem):
    status, code, title, title_en = 401, "unauthenticated", "请先登录", "Not authenticated"


class Forbidden(Problem):
    status, code, title, title_en = 403, "forbidden", "没有此项权限", "Forbidden"


class NotFound(Problem):
    status, code, title, title_en = 404, "not_found", "没有找到", "Not found"


class MethodNotAllowed(Problem):
    status, code, title, title_en = 405, "method_not_allowed", "不支持此操作", "Method not allowed"


class NotAcceptable(Problem):
    status, code, title, title_en = 406, "not_acceptable", "无法按所要求的格式回答", "Not acceptable"


class RequestTimeout(Problem):
    status, code, title, title_en = 408, "request_timeout", "请求发送超时", "Request timeout"


class Conflict(Problem):
    status, code, title, title_en = 409, "conflict", "与现有数据冲突", "Conflict"


class SamePerson(Conflict):
    """The second of two persons is the first. Not a 403: the caller's role allows the act, this case does not."""

    code, title, title_en = "same_person", "须由另一人办理", "Needs a second person"


class SameUnit(Conflict):
    code, title, title_en = "same_unit", "须由另一单位办理", "Needs a second unit"


class Gone(Problem):
    status, code, title, title_en = 410, "gone", "已不存在", "Gone"


class Stale(Problem):
    status, code, title, title_en = 412, "stale_version", "数据已被他人修改，请刷新后重试", "Precondition failed"


class TooLarge(Problem):
    status, code, title, title_en = 413, "too_large", "内容过大", "Content too large"


class UnsupportedMediaType(Problem):
    status, code, title, title_en = 415, "unsupported_media_type", "不支持的内容类型", "Unsupported media type"


class Invalid(Problem):
    status, code, title, title_en = 422, "invalid", "内容不符合要求", "Invalid content"


class PreconditionRequired(Problem):
    status, code, title, title_en = 428, "if_match_required", "请带上 If-Match 版本号", "Precondition required"


class TooManyRequests(Problem):
    status, code, title, title_en = 429, "too_many_requests", "请求过于频繁，请稍后再试", "Too many requests"


class HeaderTooLarge(Problem):
    status, code, title, title_en = 431, "header_too_large", "请求头过大", "Request header fields too large"


class Internal(Problem):
    status, code, title, title_en = 500, "internal", "系统内部错误，已记录", "Internal error"


class BadGateway(Problem):
    status, code, title, title_en = 502, "bad_gateway", "后端服务暂不可用", "Bad gateway"


class Unavailable(Problem):
    status, code, title, title_en = 503, "unavailable", "服务暂不可用，请稍后再试", "Service unavailable"


class GatewayTimeout(Problem):
    status, code, title, title_en = 504, "gateway_timeout", "后端服务响应超时", "Gateway timeout"
