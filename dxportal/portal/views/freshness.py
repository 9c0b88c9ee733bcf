"""Whether newer figures are there, and asking for them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.portal.domain.snapshots import schedule
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.views.common import find_row


@require_GET
def freshness(request: HttpRequest) -> HttpResponse:
    """A line that asks again in a while, or says that newer figures are there and fetches them."""
    kind = request.GET.get("kind", "")
    row = find_row(request, kind, request.GET.get("key", "")) if kind in SnapshotKind.values else None
    digest, page = request.GET.get("digest", ""), request.GET.get("page", "/")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        page = "/"
    newer = row is not None and row.source_digest[:12] != digest
    context = {"row": row, "kind": kind, "key": request.GET.get("key", ""), "digest": digest, "page": page}
    return render(request, "portal/_freshness.html", context | {"newer": newer})


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Asks for new figures of the own prefecture."""
    if request.user.role not in PREFECTURE_ROLES:
        raise PermissionDenied
    job = schedule(request.user.acting.organization_id, user=request.user)
    return redirect("jobs:detail", pk=job.pk)
