"""One's own page: name and telephone, memberships, sign-in; and the switch between memberships."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dxportal.core.accounts.admission import membership_not_required, second_factor_required
from dxportal.core.accounts.forms.profile import OwnProfileForm
from dxportal.core.accounts.middleware import SESSION_KEY
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.ui.forms import number_sent
from dxportal.core.ui.pages import crumbs


@membership_not_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and telephone to correct; memberships and sign-in to look at."""
    user: Any = request.user
    form = OwnProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "プロフィールを保存しました。")
        return redirect("accounts:profile")
    memberships = user.memberships.select_related("organization").order_by("-first_day", "organization")
    mark_ended(membership.organization for membership in memberships)
    values = {
        "crumbs": crumbs("プロフィール"),
        "form": form,
        "memberships": memberships,
        "today": timezone.localdate(),
        "mfa": is_mfa_enabled(user),
        "mfa_required": second_factor_required(user),
    }
    return render(request, "accounts/profile.html", values)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Acts under another of one's own current memberships from now on."""
    user: Any = request.user
    membership = get_object_or_404(user.memberships.current(), pk=number_sent(request.POST.get("membership", "")))
    request.session[SESSION_KEY] = membership.pk
    messages.success(request, f"「{membership.organization}｜{membership.get_role_display()}」に切り替えました。")
    return redirect(settings.LOGIN_REDIRECT_URL)
