"""The cheapest route a service of this house can have: FastAPI under the chassis's edge, no identity, no database."""

from fastapi import FastAPI
from pydantic import SecretStr
from starlette.responses import JSONResponse

from shared.chassis.edge import Edge
from shared.chassis.settings import Settings


class NoopSettings(Settings):
    service = "noop"
    data_key: SecretStr = SecretStr("nothing is sealed here")


app = FastAPI(openapi_url=None)


@app.get("/v1/noop/x")
async def noop() -> JSONResponse:
    return JSONResponse({"hello": "world"})


settings = NoopSettings(environment="local", port=1, database_url=SecretStr(""))
app.add_middleware(Edge, settings=settings, routes=app.routes)
