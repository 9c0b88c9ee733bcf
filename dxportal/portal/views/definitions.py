"""What each figure means."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dxportal.portal.definitions import BY_SLUG, DEFINITIONS

HOME = ("ホーム", "/")


@require_GET
def definition_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "portal/definitions/list.html", {"definitions": DEFINITIONS, "crumbs": [HOME, ("数値の定義", None)]}
    )


@require_GET
def definition(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    chosen = BY_SLUG[slug]
    crumbs = [HOME, ("数値の定義", reverse("portal:definition_list")), (chosen.title, None)]
    return render(request, "portal/definitions/page.html", {"definition": chosen, "crumbs": crumbs})
