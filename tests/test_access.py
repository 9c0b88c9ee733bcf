"""Every address × every kind of person: who gets in (200, 302), who is refused (403), for whom it isn't there (404)."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from dxportal.core.accounts.admission import WITHOUT_SECOND_FACTOR
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership
from dxportal.core.organizations.models import Organization
from tests.support import factories as make
from tests.support.access_table import ACCESS, CLOSED
from tests.support.access_world import PERSONAS, World
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


def addresses(resolver=None, namespace="", route=""):
    """(name, route) of every address, through all includes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner, path)
        else:
            yield namespace + (pattern.name or path), path


ROUTES = dict(addresses())


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The cast and its objects, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        world = World(cast)
        yield world, {person: signed_in(cast, person) for person in PERSONAS}
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cut_off(scene, django_db_blocker):
    """Two admins in the middle of a session: the account of one was stopped, the membership of the other has ended."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    with django_db_blocker.unblock():
        prefecture = Organization.objects.get(name="みほん県")
        clients = {}
        for kind, like in (("stopped", "anonymous"), ("ended", "nobody")):
            user = make.make_user(prefecture, Role.PREFECTURE_ADMIN)
            clients[like] = Client(raise_request_exception=False)
            clients[like].force_login(user)
            assert clients[like].get(reverse("accounts:profile")).status_code == 200, kind
        get_user_model().objects.filter(pk=clients["anonymous"].session["_auth_user_id"]).update(is_active=False)
        memberships = Membership.objects.filter(user=clients["nobody"].session["_auth_user_id"])
        memberships.update(first_day=yesterday, last_day=yesterday)
        return clients


def signed_in(cast, person: str) -> Client:
    client = Client(raise_request_exception=False)
    if person != "anonymous":
        client.force_login(getattr(cast, person))
    return client


def test_every_address_is_in_the_table():
    assert set(ROUTES) == set(ACCESS)


@pytest.mark.parametrize("name", ACCESS)
def test_who_gets_in(name, scene):
    world, clients = scene
    method, *expected = ACCESS[name].split()
    address = reverse(name, kwargs=world.arguments(ROUTES[name]))

    results = {person: visit(client, method, address) for person, client in clients.items()}

    assert results == dict(zip(PERSONAS, map(int, expected), strict=True))


def test_every_object_is_open_to_somebody():
    """The first status is nobody's sign-in: a redirect there opens nothing."""
    closed = {name for name, row in ACCESS.items() if not {"200", "302"} & set(row.split()[2:])}

    assert closed == set(CLOSED)


@pytest.mark.parametrize("name", ACCESS)
def test_whoever_is_cut_off_in_the_middle_of_a_session_gets_what_strangers_get(name, scene, cut_off):
    world, _ = scene
    method, *expected = ACCESS[name].split()
    address = reverse(name, kwargs=world.arguments(ROUTES[name]))

    results = {like: visit(client, method, address) for like, client in cut_off.items()}

    assert results == {like: int(expected[PERSONAS.index(like)]) for like in cut_off}


@pytest.mark.parametrize("name", sorted(set(ACCESS) - WITHOUT_SECOND_FACTOR))
def test_an_admin_without_a_second_factor_gets_nowhere(name, scene, settings):
    """Neither by an address that is open to people who are not signed in, nor by another method."""
    settings.ADMIN_TOTP_REQUIRED = True
    world, clients = scene
    address = reverse(name, kwargs=world.arguments(ROUTES[name]))

    for method in ("get", "head", "options", "post", "put", "delete"):
        response = getattr(clients["admin"], method)(address)
        assert (response.status_code, response.get("Location")) == (302, reverse("mfa_activate_totp")), method
    piece = clients["admin"].get(address, headers={"hx-request": "true"})
    assert (piece.content, piece["HX-Redirect"]) == (b"", reverse("mfa_activate_totp"))
    answer = clients["admin"].post(address, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (403, "second_factor")


@pytest.mark.parametrize("name", sorted(WITHOUT_SECOND_FACTOR))
def test_an_admin_without_a_second_factor_can_set_it_up_and_leave(name, scene, settings):
    settings.ADMIN_TOTP_REQUIRED = True
    world, clients = scene
    method = ACCESS[name].split()[0]

    response = getattr(clients["admin"], method)(reverse(name, kwargs=world.arguments(ROUTES[name])))

    # Setting up asks for the password again first: a forced sign-in has proven none.
    assert response.status_code in (200, 302)
    if name != "mfa_authenticate":
        assert response.get("Location", "") != reverse("mfa_activate_totp")


def visit(client: Client, method: str, address: str) -> int:
    """The status that the person gets; nothing that a visit changes stays."""
    with transaction.atomic():
        status = getattr(client, method)(address).status_code
        transaction.set_rollback(True)
    return status
