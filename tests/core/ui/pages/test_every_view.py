"""Every address declares how its view fetches: ScopedObject, ActPage, ListPage, @scoped — or stands here with a reason."""

import pytest
from django.urls import get_resolver

from dxportal.core.ui.pages import ActPage, ListPage, ScopedObject

OUR_ROOTS = ("dxportal.", "assessments.", "casestudies.", "consultations.")

# Views that fetch nothing by their address, or in a manner of their own; each with its reason.
EXCEPTIONS = {
    "assessments:answer_save": "answers a script in its own words; the domain locks the response in the person's scope",
    "casestudies:bookmark": "four acts on one's own list, also with a case that is out of reach by now",
    "healthz": "the machine's health, for nobody in particular",
    "readyz": "the machine's health, for nobody in particular",
    "ui:management": "the navigation of one's own role",
    "ui:samples": "components, no data",
    "ui:keep_alive": "one's own session",
    "ui:who": "one's own session",
    "ui:read_date": "knows nothing but the calendar",
    "account_login": "the library's page with the demo's accounts beside it",
    "account_reset_password_from_key": "the library's page, after which the browser is known",
    "portal:definition": "a text that is the same for everybody",
    "portal:definition_list": "texts that are the same for everybody",
    "portal:freshness": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:home": "lists of one's own, each in its scope",
    "portal:refresh": "the figures of the own prefecture",
    "portal:dashboard": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:dashboard_export": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:karte": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:karte_areas": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:karte_history": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:karte_answers": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:karte_export": "stored figures: snapshots.store.find reads them in the person's scope",
    "portal:matrix": "one of the surveys that the page offers to choose from, read in scope at once",
    "portal:matrix_export": "one of the surveys that the page offers to choose from, read in scope at once",
    "portal:question_export": "one of the surveys that the page offers to choose from, read in scope at once",
    "portal:question_go": "one of the surveys that the page offers to choose from, read in scope at once",
    "portal:question_list": "one of the surveys that the page offers to choose from, read in scope at once",
    "portal:question_result": "one of the surveys that the page offers to choose from, read in scope at once",
    "accounts:demo_sign_in": "the demo's accounts, before anybody is signed in",
    "occasions:feed": "what the membership behind a secret may read, asked by for_user of that membership",
    "accounts:invitation": "the invitation of a secret link, before anybody is signed in",
    "accounts:profile": "oneself",
    "accounts:switch": "one's own memberships",
    "accounts:handover": "one's own organisation",
    "consultations:kinds": "the settings of the own prefecture, whose members all read them",
    "consultations:kinds_of_year": "the same for a year",
    "casestudies:search": "what the engine finds, which begins with what one may see (Case.objects.published_for)",
    "casestudies:search_json": "the same as JSON",
    "portal:knowledge": "the same engine over cases and topics, begins with published_for and released_to",
    "portal:knowledge_alike": "the same, topics alone",
    "portal:knowledge_json": "the same as JSON",
    "portal:rechecks": "figures of the own prefecture's towns, whose sessions and sheets are each read in scope",
    "portal:voices": "the prefecture's yearly surveys, with the voices that the person may read",
}

# Not yet converted; every owner takes out what is done.
WAITING: set[str] = set()


def addresses(resolver=None, namespace=""):
    """(name, view) of every address, through all includes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield namespace + (pattern.name or str(pattern.pattern)), pattern.callback


def ours(view) -> bool:
    """Not the pages of sign-in and second factor, which the library brings along."""
    return getattr(view, "view_class", view).__module__.startswith(OUR_ROOTS)


def declares(view) -> bool:
    kind = getattr(view, "view_class", None)
    if kind is None:
        return bool(getattr(view, "fetches", ""))
    return issubclass(kind, (ScopedObject, ActPage, ListPage))


VIEWS = {name: view for name, view in addresses() if ours(view)}


@pytest.mark.parametrize("name", sorted(set(VIEWS) - set(EXCEPTIONS) - WAITING))
def test_view_declares_how_it_fetches(name):
    view = VIEWS[name]

    assert declares(view), f"{name}: {view.__module__} declares no way to its object"


@pytest.mark.parametrize("name", sorted(set(VIEWS) - WAITING))
def test_nothing_is_fetched_in_dispatch(name):
    kinds = getattr(VIEWS[name], "view_class", object).__mro__

    assert [
        kind.__qualname__ for kind in kinds if "dispatch" in vars(kind) and kind.__module__.startswith(OUR_ROOTS)
    ] == []


def test_lists_name_only_what_needs_it():
    known = set(EXCEPTIONS) | WAITING

    assert known <= set(VIEWS)
    assert sorted(name for name in WAITING if declares(VIEWS[name])) == []
    assert sorted(name for name in EXCEPTIONS if declares(VIEWS[name])) == []
