"""企业档案 on the wire."""

from fastapi import APIRouter

from shared.storage.route import Route

router = APIRouter(prefix="/v1/projects", tags=["企业档案"], route_class=Route)
