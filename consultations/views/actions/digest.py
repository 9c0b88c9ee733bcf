"""朝のお知らせ: each person's own setting."""

from typing import Any

from django.urls import reverse

from consultations.domain.actions import digest
from consultations.enums import ACTING_ROLES
from consultations.forms.actions import DigestForm
from consultations.views.actions.base import TOP
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class DigestPage(ActPage):
    roles = ACTING_ROLES
    form_class = DigestForm
    template_name = "consultations/actions/digest.html"
    heading = "朝のお知らせメール"
    button = "保存する"

    def get_initial(self) -> dict[str, Any]:
        return {"muted": digest.is_muted(self.user)}

    def act(self, form: DigestForm) -> str:
        digest.mute(form.cleaned_data["muted"], user=self.user)
        return "お知らせメールを止めました。" if form.cleaned_data["muted"] else "お知らせメールを受け取ります。"

    def get_success_url(self) -> str:
        return reverse("consultations:actions")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, self.heading)
