"""The projects service 问题楼盘. This file is its table of contents: one router per part."""

from fastapi import FastAPI

from services.projects import settings as own
from services.projects.closeout import routes as closeout
from services.projects.clues import routes as clues
from services.projects.clues.service import SUBJECTS
from services.projects.duty import routes as duty
from services.projects.duty.groups import routes as duty_groups
from services.projects.duty.visits import routes as duty_visits
from services.projects.enterprises import routes as enterprises
from services.projects.evidence import routes as evidence
from services.projects.evidence.codes import SiteCodes
from services.projects.ledger import routes as ledger
from services.projects.ledger.imports import routes as import_routes
from services.projects.ledger.insight import routes as insight_routes
from services.projects.ledger.names import routes as names
from services.projects.meetings import routes as meetings
from services.projects.paths import routes as paths
from services.projects.paths.lawsuits import routes as lawsuits
from services.projects.permissions import PERMISSIONS
from services.projects.plan import routes as plan
from services.projects.problems import routes as problems
from services.projects.problems.decisions import routes as decisions
from services.projects.progress import routes as progress
from services.projects.progress.draws import routes as draws
from services.projects.progress.signals import routes as signals
from services.projects.quality import acceptance_routes
from services.projects.quality import routes as quality
from services.projects.settings import ProjectsSettings
from services.projects.supervision import accountability_routes, sweep_routes
from services.projects.supervision import routes as supervision
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock
from shared.clients.petitions import ProjectPetitions
from shared.service.app import create_service, serve_service
from shared.storage.audit_routes import audit_router
from shared.storage.threshold_routes import threshold_router

ROUTERS = (
    ledger.router,
    insight_routes.router,
    import_routes.router,
    names.router,
    duty.router,  # 包抓与专班
    duty_groups.router,
    duty_visits.router,
    plan.router,  # 一项目一策
    paths.router,  # 化解路径
    lawsuits.router,  # 诉讼与府院联动
    enterprises.router,  # 企业档案
    clues.router,  # 线索移交
    problems.router,  # 问题与决策
    decisions.router,
    meetings.router,  # 调度会
    progress.router,  # 进度与真实性
    signals.router,
    draws.router,
    evidence.router,  # 现场证据
    quality.router,  # 质量与安全
    acceptance_routes.router,
    closeout.router,  # 销号
    supervision.router,  # 督办
    accountability_routes.router,
    sweep_routes.router,
    threshold_router("/v1/projects", thresholds),
    audit_router("/v1/projects", sealed=SUBJECTS, sealed_readers=frozenset({"inspector"})),
)


def create(settings: ProjectsSettings, clock: Clock | None = None) -> FastAPI:
    def prepare(app: FastAPI) -> None:
        app.state.project_petitions = ProjectPetitions(app.state.gateway)
        app.state.site_codes = SiteCodes(*settings.keys().each)

    return create_service(
        settings,
        title="安居 · 问题楼盘",
        routers=ROUTERS,
        permissions=PERMISSIONS,
        clock=clock,
        prepare=prepare,
    )


def app() -> FastAPI:
    """What uvicorn calls (`--factory`)."""
    return create(own.load())


if __name__ == "__main__":
    serve_service("services.projects.app:app", own.load())
