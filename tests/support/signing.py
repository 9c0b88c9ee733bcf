"""Signing in through the real page."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from tests.support.factories import PASSPHRASE


def sign_in(client, email, password=PASSPHRASE, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session


def code_for(secret, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def activate(client):
    """Sets up the app for whoever is signed in; gives the secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    return secret
