"""问题与决策 on the wire."""

from fastapi import APIRouter

from shared.storage.route import Route

router = APIRouter(prefix="/v1/projects", tags=["问题与决策"], route_class=Route)
