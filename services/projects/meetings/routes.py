"""调度会 on the wire."""

from fastapi import APIRouter

from shared.storage.route import Route

router = APIRouter(prefix="/v1/projects", tags=["调度会"], route_class=Route)
