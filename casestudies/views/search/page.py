"""What the search page shows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from casestudies.domain.search import saved
from casestudies.domain.search.suggesting import Step
from casestudies.forms.search.query import LONGEST_TEXT, SORTS, Query
from casestudies.forms.search.saved import SaveForm
from casestudies.models import SavedSearch
from casestudies.views.search import facets
from casestudies.views.search.common import Asked, engine, towns_for
from casestudies.views.search.results import results

HEADINGS = {name: heading for _, name, heading in facets.GROUPS} | facets.FLAG_LABELS
PARAMETERS = {key: name for key, name, _ in facets.GROUPS} | {
    "has_cost": "cost",
    "has_figures": "figures",
    "near": "near",
}


def body(asked: Asked) -> dict[str, Any]:
    """What changes with the query: facets, tags, results."""
    tags = facets.tags(asked)
    wishes = [wish.code for wish in asked.found.reading.wishes]
    return {
        "asked": asked,
        "query": asked.query,
        "count": asked.count,
        "results": results(asked),
        "groups": facets.groups(asked),
        "flags": facets.flags(asked),
        "tags": tags,
        "clear": asked.link(asked.query.only_text(*wishes)) if tags else "",
        "again": asked.link(replace(asked.query, ignored=(), page=1)),
        "corrections": list(corrections(asked)),
        "sorts": list(sorts(asked)),
        "towns": towns(asked),
        "help": help_links(asked),
        "unknown": asked.help.unknown if asked.help else (),
        "longest": LONGEST_TEXT,
        "download_query": asked.query.at(1).encode(),
        "save_form": SaveForm(initial={"name": asked.query.text[: saved.LONGEST_NAME], "query": asked.query.encode()}),
    }


def frame(asked: Asked) -> dict[str, Any]:
    """What stays while the query changes."""
    return {
        "crumbs": [("ホーム", "/"), ("事例", None)],
        "kept": SavedSearch.objects.for_user(asked.user),
        "most_kept": saved.MOST,
    }


def sorts(asked: Asked) -> Iterator[tuple[str, str, bool]]:
    """(code, label, chosen). Without words there is nothing to match; without a municipality nothing is near."""
    now = asked.query.sort if asked.place or asked.query.sort != "nearest" else "best"
    for code, label in SORTS.items():
        if code != "nearest" or asked.place:
            yield code, "資料の順" if code == "best" and not asked.query.text else label, code == now


def towns(asked: Asked) -> list[tuple[int, str, bool]]:
    """The municipalities to choose from, for those who have none of their own."""
    if asked.user.acting.organization.is_municipality:
        return []
    chosen = asked.home.pk if asked.home else None
    return [(pk, name, pk == chosen) for pk, name in towns_for(asked.user).values_list("pk", "name")]


def corrections(asked: Asked) -> Iterator[dict[str, str]]:
    for one in asked.found.reading.corrections:
        yield {"given": one.given, "meant": one.meant, "href": asked.link(asked.query.ignoring(one.code))}


def help_links(asked: Asked) -> list[dict[str, Any]]:
    """Searches that find something: fewer words, without a facet, without a wish; failing those, without any."""
    if asked.help is None:
        return []
    offers = [_words(asked, asked.query, step) for step in asked.help.fewer_words]
    offers += [_offer(asked, *_wider(asked, step), step.count) for step in asked.help.wider]
    return offers or _without_conditions(asked)


def _without_conditions(asked: Asked) -> list[dict[str, Any]]:
    bare = asked.query.only_text(*(wish.code for wish in asked.found.reading.wishes))
    if bare == asked.query.at(1):
        return []
    found = engine(asked.user, bare, asked.place, near=False)
    if found.count:
        return [_offer(asked, "条件をすべて外す", bare, found.count)]
    return [_words(asked, bare, step, "条件をすべて外し、") for step in found.help().fewer_words]


def _words(asked: Asked, query: Query, step: Step, before: str = "") -> dict[str, Any]:
    return _offer(asked, f"{before}「{step.label}」で検索する", query.saying(step.text), step.count)


def _wider(asked: Asked, step: Step) -> tuple[str, Query]:
    codes = step.ignored - set(asked.query.ignored)
    if codes:
        return f"条件「{step.label}」を外す", asked.query.ignoring(*codes)
    name = PARAMETERS[step.label]
    return f"「{HEADINGS[name]}」の条件を外す", asked.query.without(name)


def _offer(asked: Asked, label: str, query: Query, count: int) -> dict[str, Any]:
    return {"label": label, "href": asked.link(query), "count": count}
