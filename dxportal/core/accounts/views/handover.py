"""引継ぎ: what one's organisation hands over to a successor."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dxportal.core.accounts.domain import handover
from dxportal.core.accounts.domain.trail import membership_history
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.pages import crumbs

LOOK_BACK = dt.timedelta(days=400)  # the last change of staff in April, whenever one looks


@require_GET
def handover_page(request: HttpRequest) -> HttpResponse:
    """For the successor in one's own organisation: who is there, what changed, what is open."""
    user: Any = request.user
    today = timezone.localdate()
    here = user.acting.organization
    # Those of the organisations before it are its people, too, where the prefecture is the same.
    line = Organization.objects.line_of([here.pk]).filter(prefecture=here.prefecture_id)
    own = Membership.objects.filter(organization__in=line)
    if user.role == Role.CONSULTANT:  # the office of the prefecture is not theirs
        own = own.filter(role=Role.CONSULTANT)
    recent = own.filter(Q(last_day__isnull=True) | Q(last_day__gte=today - LOOK_BACK))
    members = recent.select_related("user", "organization").order_by("-last_day", "role", "user__kana")
    mark_ended(membership.organization for membership in members)
    values = {
        "crumbs": crumbs("引継ぎ"),
        "organization": here,
        "members": members,
        "entries": membership_history(own, limit=20),
        "sections": handover.sections(user),
        "today": today,
    }
    return render(request, "accounts/handover.html", values)
