"""How often one address may ask the gateway's own operations, logging in above all.

Forwarded requests are counted against their caller; here there may be none yet. Probes and documents are not counted.
"""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.limits import Limiter, Rate
from shared.chassis import trace
from shared.chassis.problems import problem_response
from shared.errors import TooManyRequests


class Visitors:
    """Wraps the gateway's own app."""

    def __init__(self, app: ASGIApp, rate: Rate) -> None:
        self.app, self.rate, self.limiter = app, rate, Limiter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        address = scope["client"][0] if scope["client"] else "unknown"
        try:
            allowance = self.limiter.take(address, self.rate, time.monotonic())
        except TooManyRequests as problem:
            answer = problem_response(problem, trace_id=trace.begin().trace_id)
            await answer(scope, receive, send)
            return
        added = [(b"ratelimit-policy", self.rate.policy), (b"ratelimit", allowance)]

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, add)
