"""The home page, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from dxportal.core.accounts.enums import Role
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.portal.domain.lens import audience_of
from dxportal.portal.enums import SnapshotKind
from dxportal.portal.views.common import find_row
from dxportal.portal.views.pages import cases, home


class Home(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        context = {"acting": user.acting, "today": timezone.localdate()}
        template, found = choose(request)
        return render(request, f"portal/home/{template}.html", context | found)


def choose(request: HttpRequest) -> tuple[str, dict]:
    """The page of the person's role with its content."""
    user = request.user
    acting = user.acting
    if acting is None:
        return "nobody", {}
    if acting.organization.kind == OrganizationKind.MUNICIPALITY:
        row = find_row(request, audience_of(user).kind(SnapshotKind.KARTE), acting.organization_id)
        found = home.for_municipality(user) | {"may_answer": user.is_answering}
        return "municipality", found | {"cases": cases.for_home(user, row)}
    if acting.role in (Role.CONSULTANT, Role.BUREAU_STAFF) or acting.organization.kind == OrganizationKind.BUREAU:
        return "reach", home.for_reach(user)
    return "prefecture", home.for_prefecture(user) | {"staff": user.is_prefecture_staff}
