"""Signing in through the real page."""

from django.urls import reverse

PASSPHRASE = "pass-word-123"  # of every person of tests/support/factories.py


def sign_in(client, email, password=PASSPHRASE, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session
