"""现场证据 on the wire."""

from fastapi import APIRouter

from shared.storage.route import Route

router = APIRouter(prefix="/v1/projects", tags=["现场证据"], route_class=Route)
