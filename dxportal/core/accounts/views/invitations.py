"""The invitations of the prefecture: list, send again, revoke."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import ListView

from dxportal.core.accounts.domain import invitations
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.accounts.models import Invitation
from dxportal.core.accounts.views.acts import NOT_SENT, link_of, reachable_invitation
from dxportal.core.accounts.views.mixins import RoleRequiredMixin, ScopedMixin


class InvitationList(RoleRequiredMixin, ScopedMixin, ListView):
    model, scope, roles, paginate_by = Invitation, "for_user", PREFECTURE_ROLES, 50
    template_name = "accounts/invitation_list.html"

    def get_queryset(self):
        return super().get_queryset().select_related("organization", "invited_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_edit=self.request.user.is_prefecture_admin, **kwargs)


@require_POST
def invitation_resend(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = reachable_invitation(request, pk)
    act = lambda: invitations.resend(pk, by=request.user, link_of=link_of(request))  # noqa: E731
    return _after(request, act, f"{invitation.email}に招待メールを送り直しました。前のリンクは使えません。")


@require_http_methods(["GET", "POST"])
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """A page that asks, then the act."""
    invitation = reachable_invitation(request, pk)
    if not request.user.is_prefecture_admin:
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "accounts/invitation_revoke.html", {"invitation": invitation})
    return _after(
        request, lambda: invitations.revoke(pk, by=request.user), f"{invitation.email}への招待を取り消しました。"
    )


def _after(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except invitations.NotSentError:
        messages.error(request, NOT_SENT)
    else:
        messages.success(request, done)
    return redirect("accounts:invitation_list")
