"""A gateway whose only service is `$UPSTREAM`, with the real proxy and an identity hook that answers from memory."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Scope

from gateway.cors import Cors
from gateway.limits import Rate
from gateway.proxy import Admission, Proxy
from shared.errors import Unauthenticated

RATE = Rate("bench", 10_000_000, 60)
ADMITTED = {b"Bearer outside": Admission("user:bench", "Bearer inside", RATE)}


async def admit(scope: Scope, service: str) -> Admission:
    for name, value in scope["headers"]:
        if name == b"authorization" and value in ADMITTED:
            return ADMITTED[value]
    raise Unauthenticated


@asynccontextmanager
async def living(_: FastAPI) -> AsyncIterator[None]:
    async with proxy:
        yield


proxy = Proxy(FastAPI(lifespan=living), {"noop": os.environ["UPSTREAM"]}, admit)
app = Cors(proxy, frozenset({"https://front.example"}))
