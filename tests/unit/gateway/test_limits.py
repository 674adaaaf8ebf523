import pytest

from gateway.limits import MAX_BUCKETS, Limiter, Rate
from shared.errors import TooManyRequests

RATE = Rate("user", 2, 10)


def test_a_burst_up_to_the_quota_then_one_token_per_interval() -> None:
    limiter = Limiter()
    assert limiter.take("a", RATE, 0.0) == b'"user";r=1;t=5'
    assert limiter.take("a", RATE, 0.0) == b'"user";r=0;t=10'
    with pytest.raises(TooManyRequests) as refused:
        limiter.take("a", RATE, 1.0)
    assert refused.value.headers == {
        "Retry-After": "4",
        "RateLimit-Policy": '"user";q=2;w=10',
        "RateLimit": '"user";r=0;t=9',
    }
    assert limiter.take("a", RATE, 5.0) == b'"user";r=0;t=10'


def test_a_refusal_costs_nothing_and_callers_do_not_share() -> None:
    limiter = Limiter()
    for _ in range(2):
        limiter.take("a", RATE, 0.0)
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            limiter.take("a", RATE, 0.0)
    limiter.take("a", RATE, 5.0)
    limiter.take("b", RATE, 5.0)


def test_an_idle_bucket_never_exceeds_the_quota() -> None:
    limiter = Limiter()
    limiter.take("a", RATE, 0.0)
    assert limiter.take("a", RATE, 1e6) == b'"user";r=1;t=5'


def test_buckets_that_are_full_again_are_forgotten() -> None:
    limiter = Limiter()
    for caller in range(MAX_BUCKETS):
        limiter.take(str(caller), RATE, 0.0)
    limiter.take("late", RATE, 11.0)
    assert len(limiter._buckets) == 1
