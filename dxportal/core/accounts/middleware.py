"""Puts the membership that the person acts under on ``request.user``, and stops who has none."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from dxportal.core.accounts.admission import is_free, owes_second_factor
from dxportal.core.accounts.models import Membership

SESSION_KEY = "membership_id"
SECOND_FACTOR = "県管理者は2段階認証の設定が必要です。設定すると、ほかの画面を使えるようになります。"


class ActingMembershipMiddleware:
    """One query a request: the chosen current membership, else the first current one; nobody where the session ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if user.is_authenticated:
            acting = choose(request)
            if user.session_lives:
                user.acting = acting
            else:
                request.session.flush()
                request.user = AnonymousUser()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        user: Any = request.user
        if not user.is_authenticated:
            return None
        if owes_second_factor(request):
            return send_to_set_up(request)
        if is_free(request, view):
            return None
        if user.acting is None:
            coming = user.memberships.filter(first_day__gt=timezone.localdate()).select_related("organization")
            values = {"coming": coming.order_by("first_day").first()}
            return render(request, "accounts/no_membership.html", values, status=403)
        chosen = request.session.get(SESSION_KEY)
        if chosen is not None and chosen != user.acting.pk:
            # The chosen membership ended while the person was signed in: said once, then the other one counts.
            request.session[SESSION_KEY] = user.acting.pk
            place = f"{user.acting.organization}｜{user.acting.get_role_display()}"
            messages.warning(request, f"選んでいた所属の期間が終了したため、「{place}」として表示しています。")
        return None


def send_to_set_up(request: HttpRequest) -> HttpResponse:
    """To the page that sets the second factor up; a script, which can't follow, gets the sentence."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("mfa_activate_totp"))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": "second_factor", "message": SECOND_FACTOR}, status=403)
    messages.warning(request, SECOND_FACTOR)
    return redirect("mfa_activate_totp")


def choose(request: HttpRequest) -> Membership | None:
    """The session's membership while it is in force; an ended one gives way to another or to nothing.

    Sets ``session_lives`` on the person: the cache may have come back from an outage with a session that was ended
    meanwhile, through another process too. It counts only while its row is there.
    """
    user: Any = request.user
    row = Session.objects.filter(pk=request.session.session_key, expire_date__gt=timezone.now())
    current: list[Any] = []  # memberships with what was read along
    if user.is_active:
        # Read along with the memberships: the second factor and the session are asked about on every request.
        totp = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
        current = list(user.memberships.current().annotate(has_totp=Exists(totp), session_lives=Exists(row)))
    user.session_lives = current[0].session_lives if current else row.exists()
    user.current_memberships = current
    chosen = request.session.get(SESSION_KEY)
    return next((membership for membership in current if membership.pk == chosen), current[0] if current else None)
