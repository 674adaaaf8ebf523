"""Sweeps on the wire."""

from services.projects.supervision.sweeping import SWEEPS
from shared.schemas.projects.supervision import SweepOut, SweepPage
from shared.service.sweep_routes import Names, sweep_router

router = sweep_router(
    SWEEPS,
    Names("run_sweep", "list_sweeps", "get_sweep", "扫描本级督办事项"),
    prefix="/v1/projects",
    tag="督办扫描",
    out=SweepOut,
    page=SweepPage,
)
