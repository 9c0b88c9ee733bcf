"""Whether newer figures are there, and asking for them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.portal.domain.audience import audience_of
from dxportal.portal.domain.snapshots.schedule import schedule
from dxportal.portal.enums import PUBLIC_KINDS, SnapshotKind
from dxportal.portal.forms.figures import FreshnessAddress
from dxportal.portal.views.common import reading_for


@require_GET
def freshness(request: HttpRequest) -> HttpResponse:
    """A line that asks again in a while, or says that newer figures are there and fetches them."""
    address = FreshnessAddress(request.GET).values
    kind = address.kind
    page = address.page if url_has_allowed_host_and_scheme(address.page, allowed_hosts=None) else "/"
    audience = audience_of(request.user)
    reading = None
    if audience is not None and kind in SnapshotKind.values and kind not in PUBLIC_KINDS:
        reading = reading_for(request, audience, SnapshotKind(kind), address.key)
    newer = reading is not None and reading.digest[:12] != address.digest
    context = {"reading": reading, "kind": kind, "key": address.key, "digest": address.digest}
    context |= {"page": page, "newer": newer}
    return render(request, "portal/_freshness.html", context)


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Asks for new figures of the own prefecture."""
    if request.user.role not in PREFECTURE_ROLES:
        raise PermissionDenied
    job = schedule(request.user.acting.organization_id, user=request.user)
    return redirect("jobs:detail", pk=job.pk)
