"""Asking, logging a question from telephone or chat, and agreeing to be asked."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.domain.questions import write
from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES
from consultations.forms.questions import AskForm, ConsentForm, LogForm
from consultations.models import ShelfItem, TownQuestion
from consultations.views.questions.base import TOP
from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class QuestionAsk(ActPage):
    once = True
    roles = ACTING_ROLES
    form_class = AskForm
    heading = "質問する"
    button = "質問する"
    saved: TownQuestion

    def enter(self) -> None:
        super().enter()
        self.towns = write.towns_for(self.user)
        if not self.towns.exists():
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": self.towns, "items": ShelfItem.objects.for_user(self.user)}

    def get_initial(self) -> dict[str, Any]:
        """The town, area and item of the shelf that the address names; an item brings its area along."""
        given = {name: self.request.GET.get(name, "") for name in ("organization", "area")}
        number = self.request.GET.get("item", "")
        rows = (
            ShelfItem.objects.for_user(self.user)
            if number.isascii() and number.isdigit() and len(number) < 10
            else None
        )
        item = rows.filter(pk=int(number)).first() if rows is not None else None
        return given | {"item": item.pk, "area": item.area_id} if item else given

    def act(self, form: AskForm) -> str:
        self.saved = write.ask(form.town.pk, form.asking(), user=self.user)
        if self.saved.answers.exists():
            return "質問と回答を記録しました。"
        count = self.saved.asked_towns.count()
        towns = f"と、{count}団体" if count else ""
        return f"質問を受け付けました。担当の伴走コンシェルジュ{towns}にお知らせします。"

    def get_success_url(self) -> str:
        return reverse("consultations:question", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("consultations:questions")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, self.heading)


class QuestionLog(QuestionAsk):
    roles = SUPPORTING_ROLES
    form_class = LogForm
    heading = "電話・チャットの質問を記録する"
    button = "記録する"


class AskingConsentPage(ActPage):
    """The town's own word, for its officers and approvers."""

    roles = ANSWERING_ROLES
    form_class = ConsentForm
    template_name = "consultations/questions/consent.html"
    heading = "質問を受ける設定"
    button = "保存する"

    def enter(self) -> None:
        super().enter()
        if not self.user.acting.organization.is_municipality:
            raise PermissionDenied

    def get_initial(self) -> dict[str, Any]:
        return {"agreed": write.agrees(self.user.acting.organization_id)}

    def act(self, form: ConsentForm) -> str:
        write.agree(form.cleaned_data["agreed"], user=self.user)
        return "ほかの市町村からの質問を受けます。" if form.cleaned_data["agreed"] else "質問を受けない設定にしました。"

    def get_success_url(self) -> str:
        return reverse("consultations:questions")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, self.heading)
