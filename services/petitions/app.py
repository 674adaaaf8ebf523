"""The petitions service 信访. This file is its table of contents: one router per part."""

from fastapi import FastAPI

from services.petitions import settings as own
from services.petitions.attachments import routes as attachments
from services.petitions.citizen import routes as citizen
from services.petitions.imports import routes as imports
from services.petitions.incidents import routes as incidents
from services.petitions.intake import routes as intake
from services.petitions.kpis import routes as kpis
from services.petitions.leaders import promise_routes as promises
from services.petitions.leaders import routes as leaders
from services.petitions.life import list_routes as life_lists
from services.petitions.life import review_routes as reviews
from services.petitions.life import routes as life
from services.petitions.opinion import routes as opinion
from services.petitions.permissions import PERMISSIONS
from services.petitions.ratings import routes as ratings
from services.petitions.registry import people_routes as people
from services.petitions.registry import routes as registry
from services.petitions.reminders import routes as reminders
from services.petitions.repeats import routes as repeats
from services.petitions.settings import PetitionsSettings
from services.petitions.summaries import routes as summaries
from services.petitions.thresholds import thresholds
from services.petitions.warnings import routes as warnings
from shared.chassis.clock import Clock
from shared.service.app import create_service, serve_service
from shared.storage.audit_routes import audit_router
from shared.storage.threshold_routes import threshold_router

ROUTERS = (
    registry.router,
    intake.router,
    people.router,
    attachments.router,
    life.router,
    reviews.router,
    life_lists.router,
    imports.router,
    imports.results,
    leaders.router,
    promises.router,
    ratings.router,
    citizen.router,
    opinion.router,
    incidents.router,
    threshold_router("/v1/petitions", thresholds, "petition_", "petition_threshold"),
    kpis.router,
    repeats.router,
    reminders.router,
    reminders.sweeps,
    warnings.router,
    summaries.router,
    audit_router("/v1/petitions", "petitions_"),
)


def create(settings: PetitionsSettings, clock: Clock | None = None) -> FastAPI:
    return create_service(settings, title="安居 · 信访", routers=ROUTERS, permissions=PERMISSIONS, clock=clock)


def app() -> FastAPI:
    """What uvicorn calls (`--factory`)."""
    return create(own.load())


if __name__ == "__main__":
    serve_service("services.petitions.app:app", own.load())
