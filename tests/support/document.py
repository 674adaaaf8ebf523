"""The merged OpenAPI document of the apps as they are, without starting them."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from gateway.app import create_app as create_gateway
from gateway.docs.merge import Document, merge
from gateway.settings import GatewaySettings
from services.projects.app import create as create_projects
from services.projects.settings import ProjectsSettings
from shared.chassis.openapi import document

NOWHERE = "http://127.0.0.1:1"
DATABASE = SecretStr("postgresql+asyncpg://nobody@127.0.0.1:1/none")
SECRET = SecretStr("for-documents-only")


def applications() -> tuple[FastAPI, FastAPI]:
    """The gateway's own app and the projects service's."""
    key = OKPKey.generate_key("Ed25519", private=True)
    gateway: Any = create_gateway(
        GatewaySettings(
            environment="local",
            database_url=DATABASE,
            projects_url=NOWHERE,
            signing_key=SecretStr(json.dumps(key.as_dict(private=True))),
            data_key=SECRET,
            checkpoint_file=Path("checkpoints"),
        )
    )
    while not isinstance(gateway, FastAPI):
        gateway = gateway.app
    projects = create_projects(
        ProjectsSettings(
            environment="local", database_url=DATABASE, gateway_url=NOWHERE, client_secret=SECRET, data_key=SECRET
        )
    )
    return gateway, projects


def merged_document() -> Document:
    gateway, projects = applications()
    return merge({"gateway": document(gateway), "projects": document(projects)})
