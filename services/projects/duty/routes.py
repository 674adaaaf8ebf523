"""包抓与专班 on the wire."""

from fastapi import APIRouter

from shared.storage.route import Route

router = APIRouter(prefix="/v1/projects", tags=["包抓与专班"], route_class=Route)
