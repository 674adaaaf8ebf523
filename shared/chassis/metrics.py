"""Prometheus figures every app shows at `/metrics`."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.responses import Response

REQUESTS = Counter("anju_http_requests_total", "Requests answered", ["operation", "status"])
SECONDS = Histogram(
    "anju_http_request_seconds",
    "Seconds until the last byte was handed to the server",
    ["operation"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def exposition() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
