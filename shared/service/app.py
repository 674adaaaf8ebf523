"""Why the services look alike: one frame around their features, with a database, the gateway and its directory."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from shared.chassis.app import create_app
from shared.chassis.clock import Clock
from shared.chassis.identity import Verifier
from shared.chassis.permissions import Permissions
from shared.chassis.server import serve
from shared.clients.gateway import GatewayClient
from shared.clients.parties import Parties
from shared.service.settings import ServiceSettings
from shared.storage.calendar import notice_missing
from shared.storage.database import Database
from shared.storage.secrets import Vault


def create_service(
    settings: ServiceSettings,
    *,
    title: str,
    routers: Sequence[APIRouter],
    permissions: Permissions,
    clock: Clock | None = None,
    prepare: Callable[[FastAPI], None] | None = None,
) -> FastAPI:
    """The service as an app; `prepare` puts what its own features need into `app.state`."""
    clock = clock or settings.clock()
    database = Database(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    gateway = GatewayClient(settings.gateway_url, settings.client_id, settings.client_secret.get_secret_value())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database, app.state.gateway = database, gateway
        app.state.anchors = gateway.list_checkpoints
        app.state.parties = Parties(gateway)
        app.state.vault = Vault(settings.keys(), settings.service)
        if prepare:
            prepare(app)
        yield
        await gateway.close()
        await database.close()

    return create_app(
        settings,
        title=title,
        routers=routers,
        permissions=permissions,
        authenticator=Verifier(settings.service, settings.gateway_url),
        checks={"database": database.ping},
        warnings={"calendar": lambda: notice_missing(database, clock)},
        lifespan=lifespan,
        clock=clock,
    )


def serve_service(application: str, settings: ServiceSettings) -> None:
    """Run `module:factory` with uvicorn until it is stopped."""
    serve(
        application,
        service=settings.service,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        factory=True,
    )
