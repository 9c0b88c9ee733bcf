"""Signing in through the real page."""

from django.urls import reverse

from tests.support.factories import PASSPHRASE


def sign_in(client, email, password=PASSPHRASE, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session
