"""Puts the membership that the person acts under on ``request.user``, and stops who has none."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.utils import timezone

from dxportal.core.accounts.standing import is_free, second_factor_required

SESSION_KEY = "membership_id"


class ActingMembershipMiddleware:
    """One query a request: the chosen current membership, else the first current one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.user.acting = choose(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or is_free(request, view):
            return None
        if request.user.acting is None:
            return render(request, "accounts/no_membership.html", {"coming": _coming(request.user)}, status=403)
        if second_factor_required(request.user) and not request.user.acting.has_totp:
            messages.warning(
                request, "県管理者は2段階認証の設定が必要です。設定すると、ほかの画面を使えるようになります。"
            )
            return redirect("mfa_activate_totp")
        _tell_fallback(request)
        return None


def choose(request):
    """The session's membership while it is in force; an ended one gives way to another or to nothing."""
    current = list(_current(request.user)) if request.user.is_active else []
    request.user.current_memberships = current
    wanted = request.session.get(SESSION_KEY)
    return next((one for one in current if one.pk == wanted), current[0] if current else None)


def _current(user):
    totp = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    return user.memberships.current().annotate(has_totp=Exists(totp))


def _coming(user):
    """The next membership to come into force, if any."""
    found = user.memberships.filter(first_day__gt=timezone.localdate()).select_related("organization")
    return found.order_by("first_day").first()


def _tell_fallback(request):
    """Says so once when the chosen membership ended while the person was signed in."""
    wanted = request.session.get(SESSION_KEY)
    if wanted is not None and wanted != request.user.acting.pk:
        request.session[SESSION_KEY] = request.user.acting.pk
        acting = request.user.acting
        messages.warning(
            request,
            f"選んでいた所属の期間が終了したため、「{acting.organization}｜{acting.get_role_display()}」として表示しています。",
        )
