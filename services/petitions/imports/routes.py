"""A petition register in, and the same workbook back with what became of each row."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.responses import FileResponse

from services.petitions.imports import service
from services.petitions.imports.service import REGISTER_IMPORTS
from shared.chassis.app import CONFLICT
from shared.chassis.permissions import require_home
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.schemas.petitions.imports import PetitionImportOut, PetitionImportPage
from shared.schemas.petitions.people import PurposeIn
from shared.storage.route import CurrentSession, Route
from shared.storage.secrets import CurrentVault
from shared.workbook.imports.routes import Operation, Operations, import_router, result_response
from shared.workbook.imports.service import Files, load_finished
from shared.workbook.response import DOWNLOAD

TAG = "信访登记簿导入"


async def originals(vault: CurrentVault) -> Files:
    return service.sealed(vault)


router = import_router(
    REGISTER_IMPORTS,
    Operations(
        accept=Operation("import_petitions", "导入信访登记簿"),
        list=Operation("list_petition_imports", "登记簿导入记录"),
        get=Operation("get_petition_import", "登记簿导入进度与逐行结果"),
    ),
    prefix="/v1/petitions",
    tags=[TAG],
    out=PetitionImportOut,
    page=PetitionImportPage,
    originals=originals,
)
results = APIRouter(prefix="/v1/petitions", tags=[TAG], route_class=Route)


@results.get(
    "/imports/{import_id}/result",
    operation_id="download_petition_import_result",
    summary="下载带结果列的原登记簿（须注明用途，写入审计记录）",
    responses=DOWNLOAD | CONFLICT,
    response_class=FileResponse,
)
async def download_petition_import_result(
    import_id: UUID,
    given: Annotated[PurposeIn, Query()],
    caller: CurrentCaller,
    session: CurrentSession,
    vault: CurrentVault,
    clock: CurrentClock,
) -> Response:
    row = await load_finished(session, REGISTER_IMPORTS, caller, import_id)
    require_home(caller, row["division_code"])
    service.record_download(session, caller, row, given, clock)
    return await result_response(session, REGISTER_IMPORTS, service.sealed(vault), row)
