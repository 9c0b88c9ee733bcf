"""事例を探す: one box, facets, results."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.text import Truncator
from django.views.generic import View

from casestudies.domain.search import saved
from casestudies.domain.search.nothing_found import NEAR, Retry
from casestudies.domain.search.search import BEST, NEAREST
from casestudies.forms.search.address import LONGEST_TEXT, SORTS, SearchAddress
from casestudies.forms.search.saved import SaveSearchForm
from casestudies.models import SavedSearch
from casestudies.views.search import facets
from casestudies.views.search.inquiry import Inquiry, inquire, towns_for
from casestudies.views.search.results import results
from dxportal.core.ui.pages import crumbs


class SearchPage(View):
    """The whole page, or for htmx the parts of it that a changed facet changes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        inquiry = inquire(request)
        context = body(inquiry)
        if request.htmx and not request.htmx.history_restore_request:
            response = render(request, "casestudies/search/_body.html", context | {"swapped": True})
            response["HX-Push-Url"] = inquiry.link(inquiry.address)
        else:
            response = render(request, "casestudies/search/search.html", context | frame(inquiry))
        patch_vary_headers(response, ["HX-Request"])
        return response


def body(inquiry: Inquiry) -> dict[str, Any]:
    """What changes with the address: title, facets, conditions, results."""
    address = inquiry.address
    name = address.text[: saved.LONGEST_NAME]
    return {
        "title": title(address, "事例を探す"),
        "count_line": count_line(inquiry, "事例"),
        "results": results(inquiry),
        "download_query": address.at(1).encode(),
        "save_form": SaveSearchForm(initial={"name": name, "query": address.encode()}),
        **conditions(inquiry),
    }


def title(address: SearchAddress, bare: str) -> str:
    return f"「{Truncator(address.text).chars(40)}」の検索結果" if address.text else bare


def conditions(inquiry: Inquiry) -> dict[str, Any]:
    """What was asked for and how it was understood, what else may be, and what to try instead."""
    address = inquiry.address
    reading = inquiry.result.reading
    tags = facets.tags(inquiry)
    return {
        "address": address,
        "groups": facets.groups(inquiry),
        "flags": facets.flag_options(inquiry),
        "tags": tags,
        "paper": on_paper(address, tags),
        "clear": inquiry.link(address.only_text(*(wish.code for wish in reading.wishes))) if tags else "",
        "again": inquiry.link(replace(address, ignored=(), page=1)),
        "corrections": [
            (correction, inquiry.link(address.ignoring(correction.code))) for correction in reading.corrections
        ],
        "sorts": sorts(inquiry),
        "towns": towns(inquiry),
        "offers": offers(inquiry),
        "unknown": inquiry.retries.unknown if inquiry.retries else (),
        "longest": LONGEST_TEXT,
    }


def count_line(inquiry: Inquiry, what: str) -> str:
    """``what``: the word for what is searched."""
    if not inquiry.count:
        return f"当てはまる{what}はありません。"
    line = (
        "すべての{what} <strong>{count}</strong>件"
        if inquiry.address.is_empty
        else "<strong>{count}</strong>件の{what}が見つかりました"
    )
    return format_html(line, what=what, count=f"{inquiry.count:,}")


def on_paper(address: SearchAddress, tags: list[facets.ConditionTag]) -> str:
    """What was searched for, where no box and no tags are."""
    words = [f"検索のことば：{address.text}"] if address.text else []
    conditions = "、".join(f"{tag.kind} {tag.label}" if tag.kind else tag.label for tag in tags)
    return "　".join([*words, f"条件：{conditions}"] if tags else words)


def frame(inquiry: Inquiry) -> dict[str, Any]:
    """What stays while the address changes."""
    return {"crumbs": crumbs(("事例", None)), "searches": SavedSearch.objects.for_user(inquiry.user)}


def sorts(inquiry: Inquiry) -> list[tuple[str, str, bool]]:
    """(code, label, chosen). Without words there is nothing to match; without a municipality nothing is near."""
    labels = SORTS if inquiry.address.text else SORTS | {BEST: "資料の順"}
    codes = [code for code in SORTS if code != NEAREST or inquiry.standpoint]
    chosen = inquiry.address.sort if inquiry.address.sort in codes else BEST
    return [(code, labels[code], code == chosen) for code in codes]


def towns(inquiry: Inquiry) -> list[tuple[int, str, bool]]:
    """(key, name, chosen) of the municipalities to choose from, for those who have none of their own."""
    if inquiry.user.acting.organization.is_municipality:
        return []
    chosen = inquiry.home.pk if inquiry.home else None
    return [(pk, name, pk == chosen) for pk, name in towns_for(inquiry.user).values_list("pk", "name")]


def offers(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Searches that find something: fewer words, without a facet, without a wish; failing those, without any."""
    if inquiry.retries is None:
        return []
    links = [fewer_words(inquiry, inquiry.address, retry) for retry in inquiry.retries.fewer_words]
    links += [offer(inquiry, *wider(inquiry, retry), retry.count) for retry in inquiry.retries.wider]
    if links:
        return links
    bare = inquiry.address.only_text(*(wish.code for wish in inquiry.result.reading.wishes))
    if bare == inquiry.address.at(1):
        return []
    result = inquiry.run(bare, near=False)
    if result.count:
        return [offer(inquiry, "条件をすべて外す", bare, result.count)]
    return [fewer_words(inquiry, bare, retry, "条件をすべて外し、") for retry in result.retries().fewer_words]


def fewer_words(inquiry: Inquiry, address: SearchAddress, retry: Retry, before: str = "") -> dict[str, Any]:
    return offer(inquiry, f"{before}「{retry.label}」で検索する", address.saying(retry.text), retry.count)


def wider(inquiry: Inquiry, retry: Retry) -> tuple[str, SearchAddress]:
    """The condition that is left out, in words, and the search without it."""
    codes = retry.ignored - set(inquiry.address.ignored)
    if codes:
        return f"条件「{retry.label}」を外す", inquiry.address.ignoring(*codes)
    if facet := inquiry.address.facets.by_key(retry.label):
        return f"「{facet.heading}」の条件を外す", inquiry.address.without(facet.parameter)
    return f"「{facets.NEAR_LABEL}」の条件を外す", inquiry.address.without(NEAR)


def offer(inquiry: Inquiry, label: str, address: SearchAddress, count: int) -> dict[str, Any]:
    return {"label": label, "href": inquiry.link(address), "count": count}
