"""How often one caller may ask: a token bucket per caller, in this process (with n workers the limit is n-fold).

Headers follow draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy: "user";q=600;w=60` and
`RateLimit: "user";r=599;t=1`, where t is the seconds until the bucket is full again.
"""

import math
from dataclasses import dataclass, field

from shared.errors import TooManyRequests

MAX_BUCKETS = 50_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`quota` requests in `window` seconds, as a burst or evenly; `name` is the policy a client sees."""

    name: str
    quota: int
    window: int
    per_second: float = field(init=False)
    policy: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "per_second", self.quota / self.window)
        object.__setattr__(self, "policy", f'"{self.name}";q={self.quota};w={self.window}'.encode())

    def state(self, tokens: float) -> bytes:
        reset = math.ceil((self.quota - tokens) / self.per_second)
        return f'"{self.name}";r={int(tokens)};t={reset}'.encode()


class Limiter:
    """Buckets of every caller seen lately."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, caller: str, rate: Rate, now: float) -> bytes:
        """Take one token at `now` (monotonic seconds); the `RateLimit` value, or `TooManyRequests`."""
        bucket = self._buckets.get(caller)
        if bucket is None:
            if len(self._buckets) >= MAX_BUCKETS:
                self._forget(now - rate.window)
            tokens = float(rate.quota)
        else:
            tokens = min(rate.quota, bucket[0] + (now - bucket[1]) * rate.per_second)
        if tokens < 1:
            wait = math.ceil((1 - tokens) / rate.per_second)
            headers = {
                "Retry-After": str(wait),
                "RateLimit-Policy": rate.policy.decode(),
                "RateLimit": rate.state(tokens).decode(),
            }
            raise TooManyRequests(f"请求过于频繁，请 {wait} 秒后再试", headers=headers)
        self._buckets[caller] = (tokens - 1, now)
        return rate.state(tokens - 1)

    def _forget(self, before: float) -> None:
        """Buckets untouched for a window are full again: forgetting them changes nothing."""
        self._buckets = {caller: bucket for caller, bucket in self._buckets.items() if bucket[1] > before}
