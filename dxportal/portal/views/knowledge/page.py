"""知見を探す: one box over cases and released topics, facets, results."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.generic import View

from casestudies.views.search.inquiry import Inquiry, inquire, page_address
from casestudies.views.search.page import conditions, count_line, title
from casestudies.views.search.results import paged
from consultations.domain.topics.alike import alike
from dxportal.core.ui.pages import AddressForm, AddressText, crumbs
from dxportal.portal.domain.knowledge.alike import LONGEST
from dxportal.portal.domain.knowledge.corpus import CASE, KNOWLEDGE
from dxportal.portal.domain.knowledge.suggestions import MOST_TITLES, Suggestion, suggest
from dxportal.portal.forms.knowledge import KnowledgeAddress
from dxportal.portal.views.knowledge.rows import rows_of

PAGE = "portal:knowledge"
HEADING = "知見を探す"
WHAT = "知見"


class AlikeForm(AddressForm):
    q = AddressText(limit=LONGEST)


def asked(request: HttpRequest) -> Inquiry:
    return inquire(request, KnowledgeAddress, PAGE, KNOWLEDGE)


class KnowledgePage(View):
    """The whole page, or for htmx the parts of it that a changed facet changes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        inquiry = asked(request)
        context = body(inquiry)
        if request.htmx and not request.htmx.history_restore_request:
            response = render(request, "portal/knowledge/_body.html", context | {"swapped": True})
            response["HX-Push-Url"] = inquiry.link(inquiry.address)
        else:
            response = render(request, "portal/knowledge/page.html", context | {"crumbs": crumbs((HEADING, None))})
        patch_vary_headers(response, ["HX-Request"])
        return response


def body(inquiry: Inquiry) -> dict[str, Any]:
    """What changes with the address. ``in_library``: the same words among the cases alone, which have facets of theirs."""
    address = inquiry.address
    only_cases = address.chosen.get("kind") == (CASE,)
    library = reverse("casestudies:search")
    return {
        "title": title(address, HEADING),
        "count_line": count_line(inquiry, WHAT),
        "results": paged(inquiry, rows_of),
        "here": reverse(PAGE),
        "what": WHAT,
        "in_library": f"{library}?{address.only_text().encode()}" if only_cases else "",
        **conditions(inquiry),
    }


class KnowledgeJson(View):
    """What the box offers while one types: ``?q=…``."""

    def get(self, request: HttpRequest) -> JsonResponse:
        inquiry = asked(request)
        text = inquiry.address.text
        hits = inquiry.result.page(0, MOST_TITLES) if text else []
        offers = [
            {"kind": offer.kind, "label": offer.label, "url": target(offer)}
            for offer in suggest(request.user, text, hits)
        ]
        return JsonResponse({"count": inquiry.count, "suggestions": offers}, json_dumps_params={"ensure_ascii": False})


class KnowledgeAlike(View):
    """同じ悩み while one types: ``?q=…``, released topics alone."""

    def get(self, request: HttpRequest) -> JsonResponse:
        text = AlikeForm(request.GET).values.q
        topics = [{"title": topic.title, "town": topic.town, "url": topic.url} for topic in alike(request.user, text)]
        return JsonResponse({"topics": topics}, json_dumps_params={"ensure_ascii": False})


def target(offer: Suggestion) -> str:
    """Where a suggestion leads: a case, or the search for what it names."""
    if offer.kind == "title":
        return reverse("casestudies:detail", args=(offer.value,))
    if offer.kind == "area":
        return page_address(KnowledgeAddress(chosen={"area": (offer.value,)}), PAGE)
    return page_address(KnowledgeAddress(offer.value), PAGE)
