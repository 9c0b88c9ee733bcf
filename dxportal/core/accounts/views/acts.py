"""What the admin does to one membership or invitation: a form, one domain call, back to the page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView

from dxportal.core.accounts.domain import invitations, memberships
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.forms import members as forms
from dxportal.core.accounts.models import Invitation, Membership
from dxportal.core.accounts.views.mixins import RoleRequiredMixin

NOT_SENT = "招待は登録しましたが、メールを送れませんでした。時間をおいて、この一覧の「送り直す」を押してください。"
ADMINS = frozenset({Role.PREFECTURE_ADMIN})


class AdminFormView(RoleRequiredMixin, FormView):
    """Shows ``form_class``; ``act`` calls the domain; refusals of the domain come back as the form's errors."""

    roles = ADMINS

    def form_valid(self, form) -> HttpResponse:
        try:
            message = self.act(form.cleaned_data)
        except invitations.NotSentError:
            messages.error(self.request, NOT_SENT)
            return redirect("accounts:invitation_list")
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, message)
        return redirect(self.get_success_url())

    def act(self, values: dict) -> str:
        """Does it and gives the sentence for the next page."""
        raise NotImplementedError


class MembershipActView(AdminFormView):
    """An act on the membership of the address: 404 out of reach."""

    only: dict[str, str] = {}  # which memberships the act is for

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        found = Membership.objects.for_user(request.user).filter(**self.only).select_related("user", "organization")
        self.membership = get_object_or_404(found, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(membership=self.membership, **kwargs)

    def get_success_url(self) -> str:
        return reverse("accounts:member_detail", args=[self.membership.pk])


class MemberInvite(AdminFormView):
    form_class, template_name = forms.InviteForm, "accounts/member_invite.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def act(self, values: dict) -> str:
        invitation = invitations.invite(
            invitations.Offer(**values), by=self.request.user, link_of=link_of(self.request)
        )
        return f"{invitation.email}に招待メールを送りました。"

    def get_success_url(self) -> str:
        return reverse("accounts:invitation_list")


class MemberChange(MembershipActView):
    form_class, template_name = forms.ChangeForm, "accounts/member_change.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"membership": self.membership}

    def act(self, values: dict) -> str:
        memberships.change(self.membership.pk, by=self.request.user, **values)
        return f"{self.membership.user}さんの所属を変更しました。"


class MemberEnd(MembershipActView):
    form_class, template_name = forms.EndForm, "accounts/member_end.html"

    def act(self, values: dict) -> str:
        memberships.end(self.membership.pk, values["last_day"], by=self.request.user)
        return f"{self.membership.user}さんの所属の最終日を設定しました。"


class MemberExtend(MembershipActView):
    form_class, template_name = forms.ExtendForm, "accounts/member_extend.html"

    def get_initial(self):
        day = self.membership.last_day
        return {"last_day": day and memberships.year_end(max(day, memberships.year_end()) + memberships.ONE_DAY)}

    def act(self, values: dict) -> str:
        memberships.extend(self.membership.pk, values["last_day"], by=self.request.user)
        return f"{self.membership.user}さんの所属を延長しました。"


class MemberAdd(MembershipActView):
    """A further membership of the person of this membership."""

    form_class, template_name = forms.AddForm, "accounts/member_add.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def act(self, values: dict) -> str:
        added = memberships.add(self.membership.user, by=self.request.user, **values)
        return f"{self.membership.user}さんに「{added.organization}｜{added.get_role_display()}」を追加しました。"


def add_errors(form, error: ValidationError) -> None:
    """Puts a domain refusal on the fields it names, or on the form as a whole."""
    known = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for field, found in known.items():
        for message in found:
            form.add_error(field if field in form.fields else None, message)


def link_of(request: HttpRequest):
    """Full addresses of invitation pages, as this request sees the portal."""
    return lambda token: request.build_absolute_uri(reverse("accounts:invitation", args=[token]))


def reachable_invitation(request: HttpRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.for_user(request.user).select_related("organization"), pk=pk)
