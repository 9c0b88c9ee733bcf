"""Asking for the portal's pages as a person."""

from django.urls import reverse


def get(client, user, name, *args, **query):
    """The answer of a portal page, by the name of its address."""
    client.force_login(user)
    return client.get(reverse(f"portal:{name}", args=args), query)


def page(client, user, name, *args, **query):
    """The text of a page that must be there."""
    response = get(client, user, name, *args, **query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def rows_of(response):
    """The cells of a CSV answer."""
    return [line.split(",") for line in response.content.decode("utf-8-sig").splitlines()]
