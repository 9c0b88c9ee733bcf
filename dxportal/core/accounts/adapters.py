"""How allauth behaves here: nobody signs up, lockouts say when they end, secrets are kept encrypted."""

import base64
import datetime as dt
import hashlib
import logging
import time
from io import BytesIO
from smtplib import SMTPException
from typing import Any
from urllib.parse import quote

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage

from dxportal.core.accounts.admission import second_factor_required
from dxportal.core.accounts.devices import known_browser, remember_browser
from dxportal.core.links import absolute

logger = logging.getLogger(__name__)
RECENT = 600  # seconds in which a sign-in itself counts as confirmed
TOO_MANY = "確認コードの間違いが続いたため、一時的に止めています。5分ほど待ってから、もう一度お試しください。"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "メールアドレスまたはパスワードが正しくありません。",
        "incorrect_password": "パスワードが正しくありません。",
        "enter_current_password": "現在のパスワードが正しくありません。",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            opens = timezone.localtime(timezone.now() + dt.timedelta(seconds=seconds_locked(request, key)))
            sentence = (
                "ログインの失敗が続いたため、一時的に止めています。"
                f"{opens.hour}時{opens.minute:02d}分を過ぎてから、もう一度お試しください。"
                "パスワードを忘れたときは、再設定してください。"
            )
            raise ValidationError(sentence, code=error.code) from error

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute(path.replace("UID-KEY", quote(key)))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address alone (allauth adds the request's host: each further name of ours would give new trials); in a
        browser that the person knows, by both, so that nobody elsewhere can lock the person out of it."""
        email = str(credentials.get("email", "")).casefold()
        return " ".join(filter(None, (email, known_browser(request, email))))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        remember_browser(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Someone who signed in within ten minutes is not asked for the password again."""
        records = get_authentication_records(context.request, context.request.user)
        recent = any(time.time() - record["at"] < RECENT for record in records)
        return super().is_reauthentication_required(app=app) and not recent

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away neither breaks the page nor tells who has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            logger.exception("A mail could not be sent: %s", template_prefix)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")


def sign_in(request: HttpRequest, response: HttpResponse, user, *, method: str) -> None:
    """Signs in someone proven otherwise than by password (invitation, demo). ``response``: what they get."""
    AccountAdapter().login(request, user)
    record_authentication(request, user, method=method)
    remember_browser(request, response, user)


def seconds_locked(request: HttpRequest, key: str) -> float:
    """Until the next sign-in attempt for ``key`` is let through, rounded up to a whole minute."""
    ends = [0.0]
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        entry = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
        history = cache.get(entry, [])  # newest first
        # As many as fill the limit: the oldest of them is the one whose leaving lets the next attempt through.
        if len(history) >= rate.amount:
            ends.append(history[rate.amount - 1] + rate.duration - time.time())
    return 60 * (max(ends) // 60 + 1)


class WhiteGroundImage(SvgPathFillImage):
    """Black on white whatever the colour scheme, without an XML declaration: it is put into the page."""

    def _write(self, stream):
        stream.write(self.to_string(encoding="utf-8").split(b"?>", 1)[-1])


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "確認コードが正しくありません。アプリに今表示されている6桁の数字を入力してください。",
        "cannot_delete_authenticator": "県管理者は、2段階認証を解除できません。",
    }

    def build_totp_svg(self, url: str) -> str:
        buffer = BytesIO()
        qrcode.make(url, image_factory=WhiteGroundImage, box_size=12).save(buffer)
        return buffer.getvalue().decode()

    def can_delete_authenticator(self, authenticator) -> bool:
        return not second_factor_required(authenticator.user)

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()


def cipher() -> MultiFernet:
    """Keys from SECRET_KEY and, for reading, its fallbacks."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(f"dxportal.mfa:{secret}".encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
