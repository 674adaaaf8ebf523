"""进度与真实性: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping
from typing import Any

from tests.support.county import HERE, Call, County

PATH = "/v1/projects"
CLAIM: Mapping[str, Any] = {"unit_code": "ENTERPRISE", "progress_pct": "62.5", "money_in_place_fen": 90_000_000}
CHECK: Mapping[str, Any] = {"progress_pct": "50", "money_in_place_fen": 60_000_000}
POWER: Mapping[str, Any] = {"kind": "electricity", "value": 1_900, "source_unit_code": "ENTERPRISE"}
SIGNALS: tuple[Mapping[str, Any], ...] = (
    POWER,
    {"kind": "workers_on_site", "value": 46, "source_unit_code": "DEPARTMENT"},
    {"kind": "materials", "value": 3, "source_unit_code": "TOWNSHIP"},
)


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    for role in ("enterprise", "department", "township"):
        await county.house.user(role, county.code)
    department, office = await county.house.user("department", county.code), await county.office()
    project = f"{PATH}/projects/{(await _answered_for(county))['project_id']}"
    county.rows["progress_report_id"] = (await county.post(f"{project}/progress-reports", office, CLAIM))["id"]
    check = await county.post(f"{project}/progress-inspections", department, CHECK)
    county.rows["progress_inspection_id"] = check["id"]
    county.rows["signal_id"] = (await county.post(f"{project}/signals", department, SIGNALS[1]))["id"]
    county.rows["inspection_draw_id"] = (
        await county.post(f"{PATH}/inspection-draws", office, {"division_code": county.code})
    )["id"]


async def _answered_for(county: County) -> Mapping[str, str]:
    """A project the enterprise answers for and nobody has reported on."""
    project = await county.new_project()
    body = {"kind": "enterprise", "unit_code": "ENTERPRISE"}
    await county.post(f"{PATH}/projects/{project}/responsibilities", await county.office(), body)
    return {"project_id": project}


async def _resumed(county: County) -> Mapping[str, str]:
    """A project said to work again, with the signals to prove it."""
    office = await county.office()
    project = await county.new_project(construction_status="stopped", effective_on="2026-01-05")
    path = f"{PATH}/projects/{project}"
    moved = {"to": "on_schedule", "reason": "企业报称复工"}
    await county.post(f"{path}/construction-status", {**office, "If-Match": '"1"'}, moved)
    for signal in SIGNALS:
        await county.post(f"{path}/signals", office, signal)
    return {"project_id": project}


CALLS: Mapping[str, Call] = {
    "report_progress": Call(json=CLAIM, fresh=_answered_for),
    "list_progress_reports": Call(query=HERE),
    "get_progress_report": Call(),
    "inspect_progress": Call(json=CHECK),
    "list_progress_inspections": Call(query=HERE),
    "get_progress_inspection": Call(),
    "get_project_progress_summary": Call(),
    "list_project_progress_summaries": Call(query=HERE),
    "list_reliability": Call(query=HERE),
    "record_signal": Call(json=POWER, on_new_project=True),
    "list_signals": Call(query=HERE),
    "get_signal": Call(),
    "get_truth": Call(),
    "verify_resumption": Call(json={}, fresh=_resumed),
    "draw_inspections": Call(json=HERE),
    "list_inspection_draws": Call(query=HERE),
    "get_inspection_draw": Call(),
}
