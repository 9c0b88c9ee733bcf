"""Inviting; the invitations of the prefecture; the page behind an invitation's link."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from dxportal.core.accounts.adapters import sign_in
from dxportal.core.accounts.domain import invitations
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.accounts.forms.invitations import InviteForm, NewAccountForm
from dxportal.core.accounts.middleware import SESSION_KEY
from dxportal.core.accounts.models import Invitation, Membership, User
from dxportal.core.accounts.views.members import ADMINS, LIST
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs
from dxportal.core.workflow.errors import NotPossible

NOT_SENT = "招待は登録しましたが、メールを送れませんでした。時間をおいて、この一覧の「送り直す」を押してください。"
GONE = {None: 404, Invitation.State.EXPIRED: 410, Invitation.State.REVOKED: 410, Invitation.State.ACCEPTED: 410}


class InvitationAct(ActPage):
    """What leads to the list; a mail that could not be sent is told there."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().post(request, *args, **kwargs)
        except invitations.NotSentError:
            messages.error(request, NOT_SENT)
            return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("accounts:invitation_list")


class MemberInvite(InvitationAct):
    roles = ADMINS
    heading = "利用者の招待"
    button = "招待メールを送る"
    form_class = InviteForm
    template_name = "accounts/invitations/invite.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def act(self, form: InviteForm) -> str:
        offer = invitations.Offer(**form.cleaned_data)
        invitation = invitations.invite(offer, user=self.user)
        return f"{invitation.email}に招待メールを送りました。"

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, self.heading)

    def get_back_url(self) -> str:
        return reverse("accounts:member_list")


class InvitationList(ListPage):
    model = Invitation
    scope = "for_user"
    roles = PREFECTURE_ROLES
    related = ("organization", "invited_by")
    heading = "招待"
    template_name = "accounts/invitations/list.html"

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, "招待")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_edit=self.user.is_prefecture_admin, **kwargs)


class InvitationResend(ScopedObject, InvitationAct):
    model = Invitation
    scope = "editable_by"
    name = "invitation"
    post_only = True
    invitation: Invitation

    def act(self, form: None) -> str:
        invitations.resend(self.invitation.pk, user=self.user)
        return f"{self.invitation.email}に招待メールを送り直しました。前のリンクは使えません。"


class InvitationRevoke(ScopedObject, InvitationAct):
    model = Invitation
    scope = "editable_by"
    name = "invitation"
    related = ("organization",)
    heading = "招待の取消し"
    button = "招待を取り消す"
    danger = True
    template_name = "accounts/invitations/revoke.html"
    invitation: Invitation

    def act(self, form: None) -> str:
        invitations.revoke(self.invitation.pk, user=self.user)
        return f"{self.invitation.email}への招待を取り消しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, ("招待", "accounts:invitation_list"), self.heading)


class InvitationPage(View):
    """What a link shows hangs on its state and on who is signed in: a new person makes an account, a known one accepts."""

    request: Any

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitations.find(token)
        state = invitation.state if invitation else None
        if invitation is None or state in GONE:
            return self.page("gone", invitation, status=GONE[state], state=state or "unknown")
        if self.is_for_reader(invitation):
            return self.page("accept", invitation)
        if request.user.is_authenticated:
            return self.page("other_person", invitation)
        if self.has_account(invitation):
            return self.page("sign_in", invitation)
        form = NewAccountForm(email=invitation.email, initial={"name": invitation.name})
        return self.page("new_account", invitation, form=form)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitations.find(token)
        if invitation is None or invitation.state in GONE:
            return self.get(request, token)
        if self.is_for_reader(invitation):
            return self.accept(token)
        if request.user.is_authenticated or self.has_account(invitation):
            return self.get(request, token)
        form = NewAccountForm(request.POST, email=invitation.email)
        if form.is_valid():
            values = form.cleaned_data
            try:
                user = invitations.accept_as_new(
                    token, name=values["name"], kana=values["kana"], password=values["password1"]
                )
            except NotPossible as refusal:
                form.add_error(None, " ".join(refusal.messages))
            else:
                response = redirect(settings.LOGIN_REDIRECT_URL)
                sign_in(request, response, user, method="invitation")
                return self.welcome(user.memberships.select_related("organization").get(), response)
        return self.page("new_account", invitation, form=form)

    def accept(self, token: str) -> HttpResponse:
        try:
            membership = invitations.accept(token, user=self.request.user)
        except NotPossible as refusal:
            messages.error(self.request, " ".join(refusal.messages))
            return redirect("accounts:invitation", token)
        return self.welcome(membership, redirect(settings.LOGIN_REDIRECT_URL))

    def is_for_reader(self, invitation: Invitation) -> bool:
        user = self.request.user
        return user.is_authenticated and user.email.lower() == invitation.email.lower()

    def has_account(self, invitation: Invitation) -> bool:
        return User.objects.filter(email__iexact=invitation.email).exists()

    def welcome(self, membership: Membership, response: HttpResponse) -> HttpResponse:
        self.request.session[SESSION_KEY] = membership.pk
        messages.success(
            self.request, f"「{membership.organization}｜{membership.get_role_display()}」として登録しました。"
        )
        return response

    def page(self, name: str, invitation: Invitation | None, *, status: int = 200, **values: Any) -> HttpResponse:
        return render(
            self.request, f"accounts/invitations/{name}.html", {"invitation": invitation, **values}, status=status
        )


hidden = sensitive_post_parameters("password1", "password2")
invitation = login_not_required(never_cache(hidden(InvitationPage.as_view())))
