"""A form acts under the membership that its page was drawn under, or not at all.

Whoever switches the membership in another tab would otherwise change things of one organisation through a page that
shows another. See docs/decisions/0013-who-acts-is-in-the-form.md.
"""

import re
from collections.abc import Callable
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from dxportal.core.accounts.middleware import SESSION_KEY
from dxportal.core.accounts.models import Membership
from dxportal.core.ui.frame.form_marks import MEMBERSHIP, MEMBERSHIP_HEADER, NO_MEMBERSHIP, ONCE, membership_mark
from dxportal.core.unseen import UNSEEN

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
SWITCH_BACK = "switch_back_and_send"
OVERTAKEN = 409
ENDING = re.compile(r"\.\w{1,5}$")  # of a file's name
# All that may be sent whatever the page was drawn under: what belongs to the person and the session rather than to a
# membership. Everything else is asked, addresses that are made later included.
WITHOUT_MARK = frozenset(
    {
        # signing in and out, and what goes with it
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_reset_password",
        "account_reset_password_from_key",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "accounts:demo_sign_in",
        # an invitation's link says itself whom it is for
        "accounts:invitation",
        # the switch itself, and the session's clock
        "accounts:switch",
        "ui:keep_alive",
    }
)


class DrawnUnderMiddleware:
    """409 with the input where a changing request comes from a page of another membership."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        user: Any = request.user
        match = request.resolver_match
        if request.method in READING or not user.is_authenticated or (match and match.view_name in WITHOUT_MARK):
            return None
        mark = request.headers.get(MEMBERSHIP_HEADER) or request.POST.get(MEMBERSHIP) or ""
        if fits(mark, user):
            return None
        drawn = next((own for own in user.current_memberships if str(own.pk) == mark), None)
        if drawn is not None and SWITCH_BACK in request.POST:
            switch_back(request, drawn)
            return None
        return refuse(request, drawn)


def fits(mark: str, user: Any) -> bool:
    """Whether a page with this mark is one of the acting membership.

    Every page of ours has a mark. A request without one comes from no page: it can't mean another membership than the
    acting one where the person has no other, and is refused where there is a choice.
    """
    if not mark:
        return len(user.current_memberships) < 2
    return mark == membership_mark(user)


def switch_back(request: HttpRequest, drawn: Membership) -> None:
    """The person has read who acts and wants it sent as it was meant: on from here under that membership."""
    user: Any = request.user
    request.session[SESSION_KEY] = drawn.pk
    user.acting = drawn
    pghistory.context(membership=drawn.pk)


def refuse(request: HttpRequest, drawn: Membership | None) -> HttpResponse:
    """The page with what was typed in it; for a script the sentence."""
    user: Any = request.user
    acting = place_of(user.acting)
    if "application/json" in request.headers.get("Accept", ""):
        message = f"所属が「{acting}」に切り替わっているため、保存していません。"
        if drawn:
            message = f"この画面は「{place_of(drawn)}」で開いたものですが、{message}"
        back = (
            {"membership": drawn.pk, "place": place_of(drawn), "address": reverse("accounts:switch")} if drawn else None
        )
        return JsonResponse({"error": "membership", "message": message, "back": back}, status=OVERTAKEN)
    own = {MEMBERSHIP, ONCE, SWITCH_BACK, "csrfmiddlewaretoken"}
    values = {
        "drawn": place_of(drawn),
        "mark": drawn.pk if drawn else NO_MEMBERSHIP,
        "acting_now": acting,
        "address": request.get_full_path(),
        "typed": [(name, value) for name, values in request.POST.lists() if name not in own for value in values],
        "once": request.POST.get(ONCE, ""),
        "files": [
            (name, UNSEEN.sub("", file.name or ""), ENDING.search(file.name or ""))
            for name, files in request.FILES.lists()
            for file in files
        ],
        "switch_back": SWITCH_BACK,
    }
    return render(request, "accounts/drawn_under.html", values, status=OVERTAKEN)


def place_of(membership: Membership | None) -> str:
    return f"{membership.organization}｜{membership.get_role_display()}" if membership else ""
