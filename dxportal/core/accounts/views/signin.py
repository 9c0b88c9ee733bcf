"""The sign-in page with the demo's accounts, one-click sign-in, and the switch between memberships."""

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dxportal.core.accounts.adapters import sign_in
from dxportal.core.accounts.demo import demo_accounts
from dxportal.core.accounts.middleware import SESSION_KEY


class LoginView(allauth_views.LoginView):
    def get_context_data(self, **kwargs):
        accounts = demo_accounts() if settings.DEMO else []
        return super().get_context_data(demo_accounts=accounts, next=self.request.GET.get("next", ""), **kwargs)


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the demo's accounts; 404 outside the demo and for any other account."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("membership", "")
    membership = next((one for one in demo_accounts() if str(one.pk) == wanted), None)
    if membership is None:
        raise Http404
    sign_in(request, membership.user, method="demo")
    request.session[SESSION_KEY] = membership.pk
    return redirect(_next(request))


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Acts under another of one's own current memberships from now on."""
    wanted = request.POST.get("membership", "")
    membership = get_object_or_404(request.user.memberships.current(), pk=wanted if wanted.isdecimal() else 0)
    request.session[SESSION_KEY] = membership.pk
    messages.success(request, f"「{membership.organization}｜{membership.get_role_display()}」に切り替えました。")
    return redirect("/")


def _next(request: HttpRequest) -> str:
    """The page asked for before signing in, if it is ours."""
    target = request.POST.get("next", "")
    return target if target and url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"
