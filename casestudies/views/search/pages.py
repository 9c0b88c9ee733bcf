"""事例を探す: one box, facets, results; the same as JSON and as a file."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.generic import View

from casestudies.domain.search.suggestions import Suggestion, suggest
from casestudies.forms.search.query import Query
from casestudies.views.search.common import PAGE_SIZE, ask
from casestudies.views.search.page import body, frame

MOST_HITS = 100


class SearchPage(View):
    """The whole page, or for htmx the parts of it that a changed facet changes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = ask(request)
        context = body(asked)
        if request.htmx and not request.htmx.history_restore_request:
            response = render(request, "casestudies/search/_search_body.html", context | {"swapped": True})
            response["HX-Push-Url"] = asked.link(asked.query)
        else:
            response = render(request, "casestudies/search/search.html", context | frame(asked))
        patch_vary_headers(response, ["HX-Request"])
        return response


class SearchJson(View):
    """``?q=…&limit=…`` with the page's facets; ``&suggest=1`` adds what the box offers while one types."""

    def get(self, request: HttpRequest) -> JsonResponse:
        asked = ask(request)
        hits = asked.found.page(0, limit_of(request))
        answer = {
            "count": asked.count,
            "results": [{"source_id": hit.source_id, "title": hit.title, "score": hit.score} for hit in hits],
        }
        if request.GET.get("suggest") == "1":
            titles = [(hit.source_id, hit.title) for hit in hits] if asked.query.text else []
            offers = suggest(request.user, asked.query.text, titles)
            answer["suggestions"] = [{"kind": one.kind, "label": one.label, "url": target(one)} for one in offers]
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def limit_of(request: HttpRequest) -> int:
    """1 to 100; 20 where nothing sensible is asked for."""
    text = request.GET.get("limit", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return PAGE_SIZE
    return min(MOST_HITS, max(1, int(text)))


def target(one: Suggestion) -> str:
    """Where a suggestion leads: a case, or the search for what it names."""
    if one.kind == "title":
        return reverse("casestudies:detail", args=(one.value,))
    if one.kind == "organization":
        places = {} if one.value == one.prefecture else {"prefecture": (one.prefecture,)}
        query = Query(text=one.value, chosen=places if one.prefecture else {})
    else:
        query = Query(chosen={one.kind: (one.value,)})
    return f"{reverse('casestudies:search')}?{query.encode()}"
