"""One's own page, and what one's organisation hands over."""

import datetime as dt

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from dxportal.core.accounts.domain import handover
from dxportal.core.accounts.domain.trail import membership_history
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.forms.people import ProfileForm
from dxportal.core.accounts.models import Membership
from dxportal.core.accounts.standing import membership_not_required, second_factor_required

LOOK_BACK = dt.timedelta(days=400)  # the last change of staff in April, whenever one looks


@membership_not_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and telephone to correct; memberships and sign-in to look at."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "プロフィールを保存しました。")
        return redirect("accounts:profile")
    values = {
        "form": form,
        "memberships": request.user.memberships.select_related("organization").order_by("-first_day", "organization"),
        "today": timezone.localdate(),
        "mfa": is_mfa_enabled(request.user),
        "mfa_required": second_factor_required(request.user),
    }
    return render(request, "accounts/profile.html", values)


@require_GET
def handover_page(request: HttpRequest) -> HttpResponse:
    """For the successor in one's own organisation: who is there, what changed, what is open."""
    today = timezone.localdate()
    own = Membership.objects.filter(organization=request.user.acting.organization_id)
    if request.user.role == Role.CONSULTANT:  # the office of the prefecture is not theirs
        own = own.filter(role=Role.CONSULTANT)
    recent = own.filter(Q(last_day__isnull=True) | Q(last_day__gte=today - LOOK_BACK))
    values = {
        "organization": request.user.acting.organization,
        "members": recent.select_related("user", "organization").order_by("-last_day", "role", "user__kana"),
        "entries": membership_history(own, limit=20),
        "sections": handover.sections(request.user),
        "today": today,
    }
    return render(request, "accounts/handover.html", values)
