"""Answers to operators' probes before anything that a probe could trip over."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dxportal.health import healthz, readyz

PROBES = {"/healthz": healthz, "/readyz": readyz}


class HealthMiddleware:
    """Probes come by IP address and plain HTTP: no host check, no redirect, no session, no maintenance page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        return probe(request) if probe else self.get_response(request)
