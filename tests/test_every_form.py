"""Every form of every page carries the membership that the page was drawn under, and every address asks for it."""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from dxportal.core.accounts.drawn_under import WITHOUT_MARK
from tests.support.access_table import ACCESS
from tests.support.ledger import Ledger
from tests.test_access import ROUTES, scene

__all__ = ["scene"]
pytestmark = pytest.mark.django_db
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
MARKED = {name for name in ACCESS if name not in WITHOUT_MARK}
PROBES = {"healthz", "readyz"}  # answered before anybody asks who comes
WALKERS = ("nobody", "officer", "bureau_staff", "consultant", "admin")


@pytest.mark.parametrize("name", [name for name in ACCESS if name not in PROBES])
def test_every_form_carries_the_membership(name, scene):
    world, clients = scene
    address = reverse(name, kwargs=world.arguments(ROUTES[name]))

    for person in WALKERS:
        response = visit(clients[person].get, address)
        user = response.wsgi_request.user if hasattr(response, "wsgi_request") else None
        if not getattr(user, "is_authenticated", False) or response.streaming:
            continue
        wanted = f'name="acting_membership" value="{user.acting.pk if user.acting else 0}"'
        page = response.content.decode(errors="replace") if "html" in response.get("Content-Type", "") else ""
        posts = [form for form in FORM.findall(page) if re.match(r'<form[^>]*method="post"', form)]
        assert [form for form in posts if wanted not in form] == [], person


@pytest.mark.parametrize("name", sorted(MARKED - PROBES))
def test_every_address_refuses_a_page_of_another_membership(name, scene):
    """Before it looks at anything else: whoever is let in and whoever is not get the same page."""
    world, clients = scene
    address = reverse(name, kwargs=world.arguments(ROUTES[name]))

    for method in ("post", "put", "patch", "delete"):
        headers = {"x-acting-membership": "999999999", "accept": "application/json"}
        response = visit(getattr(clients["admin"], method), address, headers=headers)
        assert (response.status_code, response.json()["error"]) == (409, "membership"), method
    assert visit(clients["officer"].post, address, headers={"x-acting-membership": "999999999"}).status_code == 409


def test_no_template_has_a_form_without_the_mark():
    """Pages that no walk reaches are drawn from these too."""
    without, forms = [], 0
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        posts = [form for form in FORM.findall(path.read_text()) if re.match(r'<form[^>]*method="post"', form)]
        forms += len(posts)
        without += [path.name for form in posts if "{% csrf_token %}" not in form]
    assert forms > 40
    assert without == ["drawn_under.html"]  # which carries the mark of the page that was sent


def test_looking_changes_nothing(scene):
    """A request that changes something must be one that carries the mark: no GET does."""
    world, clients = scene
    ledger = Ledger()
    for person in ("admin", "officer"):
        for name in sorted(set(ACCESS) - PROBES - {"account_logout"}):
            clients[person].get(reverse(name, kwargs=world.arguments(ROUTES[name])))
    assert ledger.effect() == {}


def visit(method, address, **more):
    with transaction.atomic():
        response = method(address, **more)
        transaction.set_rollback(True)
    return response
