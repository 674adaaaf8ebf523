"""docker-compose.yml, .env.example and the list of parts tell one story."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

from deploy import secrets
from deploy.parts import GATEWAY, PARTS, SERVICES, Part

CLONE = Path(__file__).parents[2]
TEXT = (CLONE / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
EXAMPLE = (CLONE / ".env.example").read_text()
VARIABLE = re.compile(r"\$\{(\w+)([^}]*)\}")


def test_it_follows_the_compose_specification() -> None:
    # The Compose Specification's own schema (Apache-2.0, licence beside it).
    schema = json.loads((CLONE / "tests/data/compose-spec.json").read_text())
    errors = [f"{list(error.path)}: {error.message}" for error in Draft201909Validator(schema).iter_errors(COMPOSE)]
    assert errors == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_part_has_its_database_migrations_server_and_worker(part: Part) -> None:
    services = COMPOSE["services"]
    database, migrate = services[f"{part.name}-database"], services[f"{part.name}-migrate"]
    server, worker = services[part.name], services[f"{part.name}-worker"]
    assert f"database={part.database}" in database["command"]
    assert migrate["command"][-2:] == ["shared.storage.migrate", part.package]
    assert migrate["depends_on"] == {f"{part.name}-database": {"condition": "service_completed_successfully"}}
    for process in (server, worker):
        assert process["depends_on"] == {f"{part.name}-migrate": {"condition": "service_completed_successfully"}}
        assert process["environment"] == server["environment"]
        assert process["build"]["args"] == {"IMAGE": part.name}
    assert worker["command"] == ["python", "-m", f"{part.package}.worker"]
    assert "/readyz" in server["healthcheck"]["test"][-1]
    assert server["environment"][f"{part.prefix}PORT"] == str(part.default_port)
    if part is not GATEWAY:
        assert "ports" not in server, "the gateway is the only door"
        addresses = json.loads(services[GATEWAY.name]["environment"]["ANJU_GATEWAY_SERVICE_URLS"])
        assert addresses[part.name] == f"http://{part.name}:{part.default_port}"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_part_is_told_its_own_settings_only(part: Part) -> None:
    for name in (part.name, f"{part.name}-worker", f"{part.name}-migrate"):
        environment = COMPOSE["services"][name]["environment"]
        assert all(key.startswith(part.prefix) for key in environment)
        owner = [key for key, value in environment.items() if "OWNER" in key or "_OWNER_PASSWORD" in value]
        assert bool(owner) == name.endswith("-migrate")
    foreign = {prefix for prefix in (other.prefix for other in PARTS) if prefix != part.prefix}
    used = {name for name, _ in VARIABLE.findall(str(COMPOSE["services"][part.name]["environment"]))}
    shared = {f"{service.prefix}CLIENT_SECRET" for service in SERVICES} if part is GATEWAY else set()
    assert not {name for name in used - shared if name.startswith(tuple(foreign))}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_part_starts_on_what_it_is_told(part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    values = secrets.fresh()
    for key, value in COMPOSE["services"][part.name]["environment"].items():
        monkeypatch.setenv(key, VARIABLE.sub(lambda found: values.get(found[1], found[2].removeprefix(":-")), value))
    settings = import_module(f"{part.package}.settings").load()
    assert settings.environment == "production"
    told = {key.removeprefix(part.prefix).lower() for key in COMPOSE["services"][part.name]["environment"]}
    assert told <= set(type(settings).model_fields), "a setting nobody reads"


def test_no_secret_has_a_default() -> None:
    made = set(secrets.fresh())
    for name, rest in VARIABLE.findall(TEXT):
        assert (name in made) == rest.startswith(":?"), name


def test_the_example_names_every_setting_and_no_value() -> None:
    required = re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE)
    assert [value for _, value in required if value] == []
    assert {name for name, _ in required} == set(secrets.fresh())
    optional = set(re.findall(r"^#(ANJU_\w+)=", EXAMPLE, re.MULTILINE))
    assert {name for name, _ in VARIABLE.findall(TEXT)} <= optional | {name for name, _ in required}


def test_secrets_are_new_each_time_and_fit_into_an_address() -> None:
    one, other = secrets.fresh(), secrets.fresh()
    assert not {name for name in one if one[name] == other[name]}
    assert all(re.fullmatch(r"[0-9a-f]{48}", value) for name, value in one.items() if _is_database_password(name))


def _is_database_password(name: str) -> bool:
    return name.endswith("_PASSWORD") and "BOOTSTRAP" not in name
