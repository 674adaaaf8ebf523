"""Projects found by their names, for services whose sheets name them."""

from collections import defaultdict

from fastapi import APIRouter

from services.projects.ledger.names import queries
from services.projects.ledger.rules import name_key
from shared.chassis.listing import scope_of
from shared.chassis.route import CurrentCaller
from shared.schemas.projects.names import FoundProject, FoundProjects, NamesIn
from shared.storage.route import CurrentSession, Route
from shared.storage.rows import Row

TOLD = ("project_code", "name", "developer")
router = APIRouter(prefix="/v1/projects", tags=["台账"], route_class=Route)


@router.post("/projects/find-by-name", operation_id="find_projects_by_name", summary="按名称或别名查找项目")
async def find_projects_by_name(body: NamesIn, caller: CurrentCaller, session: CurrentSession) -> FoundProjects:
    """标点、空格和“项目”二字不计；同名的项目不止一个时不给出。"""
    division_code = scope_of(caller, body.division_code)
    keys = {name: name_key(name) for name in body.names}
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in await queries.called(session, division_code, set(keys.values())):
        for key in {row["name_key"], *row["alias_keys"]}:
            by_key[key].append(row)
    found = [(name, by_key[key][0]) for name, key in keys.items() if len(by_key[key]) == 1]
    return FoundProjects(
        items=[
            FoundProject(asked=name, project_id=row["id"], **{told: row[told] for told in TOLD}) for name, row in found
        ]
    )
