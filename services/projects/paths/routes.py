"""化解路径与诉讼 on the wire."""

from fastapi import APIRouter

from shared.storage.route import Route

router = APIRouter(prefix="/v1/projects", tags=["化解路径与诉讼"], route_class=Route)
