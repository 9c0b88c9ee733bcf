"""管理, keep-alive, the reading of a typed date, the sample page."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dxportal.core.ui import japanese, samples
from dxportal.core.ui.frame import navigation
from dxportal.core.ui.frame.session import seconds_left, touch, who
from dxportal.core.ui.pages.crumbs import crumbs


@require_safe
def management(request: HttpRequest) -> HttpResponse:
    """管理: what is set up or looked after now and then, with what each page is for."""
    user: Any = request.user
    items = navigation.managed_for(user.role)
    if not items:
        raise PermissionDenied
    return render(request, "ui/management.html", {"items": items, "crumbs": crumbs("管理")})


@login_not_required
@require_POST
def keep_alive(request: HttpRequest) -> JsonResponse:
    """「続ける」 and typing: starts the idle time again. 401 once the session has ended."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0}, status=401)
    touch(request, now=time.time())
    return JsonResponse({"seconds": seconds_left(request, now=time.time())})


@login_not_required
@never_cache
@require_safe
def who_is_there(request: HttpRequest) -> JsonResponse:
    """Whom a page that the browser kept must have been drawn for to be shown again. 401 once the session has ended."""
    there = who(request)
    return JsonResponse({"who": there}, status=200 if there else 401)


@login_not_required
@require_safe
def read_date(request: HttpRequest) -> JsonResponse:
    """How a typed date is understood, for the line beside the field. Knows nothing but the calendar."""
    try:
        reading = japanese.read_date(request.GET.get("text", "")[:60])
    except japanese.InputError as error:
        return JsonResponse({"text": "", "error": str(error)})
    return JsonResponse({"text": reading.note or f"{japanese.both(reading.value)}として保存します。", "error": ""})


@login_not_required
@require_safe
def sample_page(request: HttpRequest) -> HttpResponse:
    """Every component in each state, for designers and testers; absent in production."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "ui/samples.html", samples.context(request))
