"""进度与真实性 on the wire."""

from fastapi import APIRouter

from shared.storage.route import Route

router = APIRouter(prefix="/v1/projects", tags=["进度与真实性"], route_class=Route)
