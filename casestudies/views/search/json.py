"""The search as JSON, for the suggestions while somebody types and for other programs."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.generic import View

from casestudies.domain.search.suggestions import SearchSuggestion, suggest
from casestudies.forms.search.address import SearchAddress
from casestudies.views.search.inquiry import PAGE_SIZE, inquire, page_address
from dxportal.core.ui.pages import AddressForm, AddressNumber

MOST_HITS = 100


class LimitForm(AddressForm):
    limit = AddressNumber()


class SearchJson(View):
    """``?q=…&limit=…`` with the page's facets; ``&suggest=1`` adds what the box offers while one types.

    ``limit``: 1 to 100 results; 20 where nothing sensible is asked for.
    """

    def get(self, request: HttpRequest) -> JsonResponse:
        inquiry = inquire(request)
        limit = LimitForm(request.GET).values.limit
        hits = inquiry.result.page(0, PAGE_SIZE if limit is None else min(MOST_HITS, max(1, limit)))
        answer = {
            "count": inquiry.count,
            "results": [{"source_id": hit.source_id, "title": hit.title, "score": hit.score} for hit in hits],
        }
        if request.GET.get("suggest") == "1":
            text = inquiry.address.text
            titles = [(hit.source_id, hit.title) for hit in hits] if text else []
            answer["suggestions"] = [
                {"kind": suggestion.kind, "label": suggestion.label, "url": target(suggestion)}
                for suggestion in suggest(request.user, text, titles)
            ]
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def target(suggestion: SearchSuggestion) -> str:
    """Where a suggestion leads: a case, or the search for what it names."""
    if suggestion.kind == "title":
        return reverse("casestudies:detail", args=(suggestion.value,))
    if suggestion.kind == "organization":
        around = suggestion.prefecture if suggestion.value != suggestion.prefecture else ""
        return page_address(SearchAddress(suggestion.value, {"prefecture": (around,)} if around else {}))
    return page_address(SearchAddress(chosen={suggestion.kind: (suggestion.value,)}))
