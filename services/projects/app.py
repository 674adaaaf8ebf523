"""The projects service 问题楼盘. This file is its table of contents: one router per part."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.projects import settings as own
from services.projects.ledger import routes
from services.projects.ledger.imports import routes as import_routes
from services.projects.ledger.insight import routes as insight_routes
from services.projects.permissions import PERMISSIONS
from services.projects.settings import ProjectsSettings
from shared.chassis.app import create_app
from shared.chassis.clock import Clock, SystemClock
from shared.chassis.identity import Verifier
from shared.chassis.server import serve
from shared.clients.gateway import GatewayClient
from shared.storage.audit_routes import audit_router
from shared.storage.calendar import notice_missing
from shared.storage.database import Database


def create(settings: ProjectsSettings, clock: Clock | None = None) -> FastAPI:
    clock = clock or SystemClock()
    database = Database(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    gateway = GatewayClient(settings.gateway_url, settings.client_id, settings.client_secret.get_secret_value())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database, app.state.gateway = database, gateway
        app.state.anchors = gateway.list_checkpoints
        yield
        await gateway.close()
        await database.close()

    return create_app(
        settings,
        title="安居 · 问题楼盘",
        routers=[routes.router, insight_routes.router, import_routes.router, audit_router("/v1/projects")],
        permissions=PERMISSIONS,
        authenticator=Verifier(settings.service, settings.gateway_url),
        checks={"database": database.ping},
        warnings={"calendar": lambda: notice_missing(database, clock)},
        lifespan=lifespan,
        cursor_secret=settings.data_key.get_secret_value().encode(),
        clock=clock,
    )


def app() -> FastAPI:
    """What uvicorn calls (`--factory`)."""
    return create(own.load())


if __name__ == "__main__":
    here = own.load()
    serve(
        "services.projects.app:app",
        service=here.service,
        host=here.host,
        port=here.port,
        log_level=here.log_level,
        factory=True,
    )
