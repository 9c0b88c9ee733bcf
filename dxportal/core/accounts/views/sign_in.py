"""The sign-in page with the demo's accounts, one-click sign-in as one of them, and a new password by mailed link."""

from typing import Any

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dxportal.core.accounts.adapters import sign_in
from dxportal.core.accounts.demo import demo_accounts
from dxportal.core.accounts.devices import remember_browser
from dxportal.core.accounts.middleware import SESSION_KEY


class LoginView(allauth_views.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = demo_accounts() if settings.DEMO else []
        return super().get_context_data(demo_accounts=accounts, next=self.request.GET.get("next", ""), **kwargs)


class PasswordResetFromKeyView(allauth_views.PasswordResetFromKeyView):
    """Whoever came by the mailed link and chose a password is known in this browser, though not signed in yet."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        remember_browser(self.request, response, self.reset_user)
        return response


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the demo's accounts; 404 outside the demo and for any other account."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("membership", "")
    membership = next((account for account in demo_accounts() if str(account.pk) == wanted), None)
    if membership is None:
        raise Http404
    page = request.POST.get("next", "")  # asked for before signing in; taken if it is ours
    ours = page and url_has_allowed_host_and_scheme(page, {request.get_host()})
    response = redirect(page if ours else settings.LOGIN_REDIRECT_URL)
    sign_in(request, response, membership.user, method="demo")
    request.session[SESSION_KEY] = membership.pk
    return response
