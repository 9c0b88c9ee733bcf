"""The page behind an invitation's link: a new person makes an account, a known one accepts signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from dxportal.core.accounts.adapters import sign_in
from dxportal.core.accounts.domain import invitations
from dxportal.core.accounts.forms.people import NewAccountForm
from dxportal.core.accounts.middleware import SESSION_KEY
from dxportal.core.accounts.models import Invitation, User

GONE = {None: 404, Invitation.State.EXPIRED: 410, Invitation.State.REVOKED: 410, Invitation.State.ACCEPTED: 410}


OPEN_PAGE = [login_not_required, never_cache, sensitive_post_parameters("password1", "password2")]


@method_decorator(OPEN_PAGE, name="dispatch")
class InvitationView(View):
    """What the page shows hangs on the link's state and on who is signed in."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:
        self.token = token
        self.invitation = invitations.find(token)
        self.state = self.invitation.state if self.invitation else None
        if self.state in GONE:
            return self.page("invitation_gone", status=GONE[self.state], state=self.state or "unknown")
        self.known = User.objects.filter(email__iexact=self.invitation.email).exists()
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.is_invited:
            return self.page("invitation_accept")
        if request.user.is_authenticated:
            return self.page("invitation_other_person")
        return self.page("invitation_sign_in") if self.known else self.form_page(self.form())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.is_invited:
            return self.accept()
        if request.user.is_authenticated or self.known:
            return self.get(request, token)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.form_page(form)
        return self.accept_as_new(form)

    @property
    def is_invited(self) -> bool:
        user = self.request.user
        return user.is_authenticated and user.email.lower() == self.invitation.email.lower()

    def form(self, data=None) -> NewAccountForm:
        return NewAccountForm(data, email=self.invitation.email, initial={"name": self.invitation.name})

    def form_page(self, form: NewAccountForm) -> HttpResponse:
        return self.page("invitation_new", form=form)

    def accept(self) -> HttpResponse:
        try:
            membership = invitations.accept(self.token, self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect("accounts:invitation", self.token)
        return self.welcome(membership)

    def accept_as_new(self, form: NewAccountForm) -> HttpResponse:
        values = form.cleaned_data
        try:
            user = invitations.accept_as_new(
                self.token, name=values["name"], kana=values["kana"], password=values["password1"]
            )
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return self.form_page(form)
        sign_in(self.request, user, method="invitation")
        return self.welcome(user.memberships.select_related("organization").get())

    def welcome(self, membership) -> HttpResponse:
        self.request.session[SESSION_KEY] = membership.pk
        messages.success(
            self.request, f"「{membership.organization}｜{membership.get_role_display()}」として登録しました。"
        )
        return redirect("/")

    def page(self, name: str, *, status: int = 200, **values) -> HttpResponse:
        values |= {"invitation": self.invitation}
        return render(self.request, f"accounts/{name}.html", values, status=status)
