"""The cheapest route a FastAPI service can have, what the gateway's own cost is compared with."""

from fastapi import FastAPI
from starlette.responses import JSONResponse

app = FastAPI(openapi_url=None)


@app.get("/v1/noop/x")
async def noop() -> JSONResponse:
    return JSONResponse({"hello": "world"})
