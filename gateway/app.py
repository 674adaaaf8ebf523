"""The gateway: the only door. `/v1/<service>/…` is forwarded, the rest is answered here."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import ASGIApp

from gateway.audit import routes as audit
from gateway.audit import service as checkpoints
from gateway.cors import Cors
from gateway.directory import routes as directory
from gateway.docs import pages
from gateway.exchange import BodyLimits
from gateway.identity import routes as identity
from gateway.identity.behalf import OnBehalf
from gateway.identity.bootstrap import bootstrap
from gateway.identity.login import Turnstile
from gateway.identity.tokens import Door, Keys, Revocations
from gateway.limits import Rate
from gateway.permissions import PERMISSIONS
from gateway.proxy import Proxy
from gateway.settings import GatewaySettings, load
from gateway.visitors import Visitors
from shared.chassis.app import create_app as create_house
from shared.chassis.clock import Clock
from shared.chassis.openapi import document
from shared.chassis.server import serve
from shared.schemas.audit import CheckpointOut
from shared.storage.audit_routes import audit_router
from shared.storage.database import Database


def create_app(settings: GatewaySettings, clock: Clock | None = None) -> ASGIApp:
    """The whole gateway as one ASGI app: CORS, then forwarding, then the gateway's own operations."""
    database = Database(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    clock = clock or settings.clock()
    keys = Keys(settings)
    revocations = Revocations(database, clock)
    door = Door(keys, revocations, settings)

    async def anchors(scope: str) -> Sequence[CheckpointOut]:
        async with database.session() as session:
            return await checkpoints.every(session, keys, scope, settings.service)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await bootstrap(database, settings, clock)
        await revocations.read()
        watching = asyncio.create_task(revocations.run())
        try:
            async with proxy:
                yield
        finally:
            watching.cancel()
            await database.close()

    own = create_house(
        settings,
        title="安居 Anju",
        routers=[
            identity.keys_router,
            identity.router,
            directory.router,
            audit.router,
            audit_router("/v1/auth", "gateway_"),
        ],
        permissions=PERMISSIONS,
        authenticator=door,
        checks={"database": database.ping, "revocations": revocations.complaint},
        lifespan=lifespan,
        clock=clock,
    )
    # First, so that the merged document stands before the house's own.
    own.router.routes[:0] = pages.routes(pages.Documents(lambda: document(own), settings.service_urls))
    own.state.database = database
    own.state.keys = keys
    own.state.turnstile = Turnstile()
    own.state.anchors = anchors
    proxy = Proxy(
        Visitors(OnBehalf(own, door), Rate("address", settings.own_requests_per_minute, 60)),
        settings.service_urls,
        door.admit,
        limits=BodyLimits(settings.max_upload_bytes, settings.body_deadline_seconds),
    )
    return Cors(proxy, settings.cors_origins)


def main() -> int:
    try:
        settings = load()
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        print(f"设置有误 / settings: {reasons}", file=sys.stderr)
        return 2
    serve(
        "gateway.asgi:app",
        service=settings.service,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_level=settings.log_level,
        trusted_proxies=settings.trusted_proxies,
        date_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
