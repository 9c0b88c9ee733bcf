"""A name for every request, and one log line about it."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dxportal.core.tracing import request_id

logger = logging.getLogger("dxportal.request")
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = frozenset({"/healthz", "/readyz"})


class RequestIdMiddleware:
    """Takes ``X-Request-ID`` from the proxy (or makes one), gives it back and has every log line carry it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-ID", "")
        request.id = offered if ACCEPTED.fullmatch(offered) else uuid.uuid4().hex
        request.arrived = timezone.now()
        token = request_id.set(request.id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            if request.path not in QUIET:
                self._log(request, response, started)
        finally:
            request_id.reset(token)
        return response

    def _log(self, request: HttpRequest, response: HttpResponse, started: float) -> None:
        """The route's pattern, never the path: paths and queries can hold names and tokens."""
        match = getattr(request, "resolver_match", None)
        logger.info(
            "%s %s",
            request.method,
            response.status_code,
            extra={
                "method": request.method,
                "status_code": response.status_code,
                "route": match.route if match else "",
                "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            },
        )
