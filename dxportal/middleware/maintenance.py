"""The page that everybody gets while operators work."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

RETRY_SECONDS = 600
PLAIN = (
    "<!doctype html><html lang=ja><meta charset=utf-8><title>メンテナンス中</title><h1>ただいまメンテナンス中です</h1>"
)


class MaintenanceMiddleware:
    """503 for all pages while ``DXPORTAL_MAINTENANCE`` is on. Nothing that is sent meanwhile is stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE:
            return self.get_response(request)
        try:
            page = render_to_string("503.html", {"minutes": RETRY_SECONDS // 60})
        except TemplateDoesNotExist:
            page = PLAIN
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"})
