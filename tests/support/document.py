"""The merged OpenAPI document of the apps as they are, without starting them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from gateway.app import create_app as create_gateway
from gateway.docs.merge import Document, merge
from gateway.settings import GatewaySettings
from services.petitions.app import create as create_petitions
from services.petitions.settings import PetitionsSettings
from services.projects.app import create as create_projects
from services.projects.settings import ProjectsSettings
from shared.chassis.openapi import document
from shared.service.settings import ServiceSettings

NOWHERE = "http://127.0.0.1:1"
DATABASE = SecretStr("postgresql+asyncpg://nobody@127.0.0.1:1/none")
SECRET = SecretStr("for-documents-only")


SERVED: tuple[tuple[type[ServiceSettings], Callable[..., FastAPI]], ...] = (
    (ProjectsSettings, create_projects),
    (PetitionsSettings, create_petitions),
)


def applications() -> dict[str, FastAPI]:
    """By name, the gateway's own app and every service's."""
    key = OKPKey.generate_key("Ed25519", private=True)
    gateway: Any = create_gateway(
        GatewaySettings(
            environment="local",
            database_url=DATABASE,
            service_urls={},
            signing_key=SecretStr(json.dumps(key.as_dict(private=True))),
            data_key=SECRET,
            checkpoint_file=Path("checkpoints"),
        )
    )
    while not isinstance(gateway, FastAPI):
        gateway = gateway.app
    told: dict[str, Any] = {"database_url": DATABASE, "gateway_url": NOWHERE, "client_secret": SECRET}
    return {"gateway": gateway} | {
        settings.service: create(settings(environment="local", data_key=SECRET, **told)) for settings, create in SERVED
    }


def merged_document() -> Document:
    return merge({name: document(app) for name, app in applications().items()})
