"""A topic's page, one remark more, and taking it away."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from consultations.domain.topics import cases, moves, write
from consultations.domain.topics.alike import alike
from consultations.domain.topics.history import of_topic
from consultations.enums import ACTING_ROLES
from consultations.forms.topics import RemarkForm
from consultations.views.topics.base import TopicPage
from dxportal.core.ui.pages import ActPage


class TopicDetail(TopicPage, TemplateView):
    template_name = "consultations/topics/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic = self.topic
        context = {
            "remarks": topic.remarks.select_related("organization"),
            "references": cases.references(topic, self.user),
            "alike": alike(self.user, topic.title, topic.pk),
            "case_draft": cases.draft_address(topic, self.user),
            "attachments": topic.attachments.all(),
            "may_remark": self.user.role in ACTING_ROLES,
            "possible": moves.possible_moves(topic, self.user),
            "transitions": topic.transitions.all(),
            "entries": of_topic(topic)[0:20],
        }
        return super().get_context_data(**(context | kwargs))


class TopicAct(TopicPage, ActPage):
    template_name = "consultations/topics/act.html"

    def get_success_url(self) -> str:
        return reverse("consultations:topic", args=[self.topic.pk])


class TopicRemark(TopicAct):
    """Everybody who was present or supports may add what is still to be said."""

    roles = ACTING_ROLES
    form_class = RemarkForm
    heading = here = "発言を加える"
    button = "加える"
    once = True

    def act(self, form: RemarkForm) -> str:
        write.add_remark(self.topic.pk, form.cleaned_data["kind"], form.cleaned_data["text"], user=self.user)
        return "発言を加えました。"


class TopicDelete(TopicAct):
    scope = "editable_by"
    heading = here = "論点を削除する"
    button = "削除する"
    danger = True

    def not_now(self) -> str:
        if self.topic.state == "noted":
            return ""
        return f"この論点は現在「{self.topic.get_state_display()}」です。"

    def act(self, form: None) -> str:
        write.remove(self.topic.pk, user=self.user)
        return f"論点「{self.topic.title}」を削除しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:topics")

    def get_back_url(self) -> str:
        return reverse("consultations:topic", args=[self.topic.pk])
