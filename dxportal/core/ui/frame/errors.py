"""Error pages that stand even when the database, the templates' context or the whole service does not."""

import sys
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

PLAIN = (
    "<!DOCTYPE html><html lang='ja'><meta charset='utf-8'><title>エラー</title><h1>処理できませんでした</h1>"
    "<p>直前の操作は保存されていない可能性があります。時間をおいて、もう一度操作してください。</p>"
)
RETRY_SECONDS = 60


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 when the cause is an unreachable database."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return HttpResponse(_page("500.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: an address that isn't the portal's, or a request that no page of it sends."""
    return HttpResponse(_page("400.html", foreign=isinstance(exception, DisallowedHost)), status=400)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 with a time to come back; ``database_failed`` tells the middleware to look at the server."""
    page = _page("503.html", minutes=RETRY_SECONDS // 60)
    response = HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    response.database_failed = True  # type: ignore[attr-defined]
    return response


def _page(name: str, **values: Any) -> str:
    try:
        return render_to_string(name, values)
    except (TemplateDoesNotExist, ValueError):  # ValueError: the hashed static file is missing
        return PLAIN
