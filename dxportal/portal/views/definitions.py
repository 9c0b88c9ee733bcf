"""What each figure means."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dxportal.core.ui.pages import crumbs
from dxportal.portal.definitions import BY_SLUG, DEFINITIONS


@require_GET
def definition_list(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/definitions/list.html", {"definitions": DEFINITIONS, "crumbs": crumbs("数値の定義")})


@require_GET
def definition(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    chosen = BY_SLUG[slug]
    trail = crumbs(("数値の定義", "portal:definition_list"), chosen.title)
    return render(request, "portal/definitions/page.html", {"definition": chosen, "crumbs": trail})
