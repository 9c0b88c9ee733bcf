"""The path of a topic to the other towns: shown, agreed to, objected to, held, withdrawn, written anew."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.domain.topics import moves
from consultations.domain.topics.sharing import release, rules
from consultations.domain.topics.sharing.names import ClearedText, without_names
from consultations.enums import MEMO_OFFICE_ROLES, TopicMove
from consultations.forms.topics import SummaryForm, TopicRulesForm
from consultations.models import Topic
from consultations.views.actions.base import ROOM
from consultations.views.topics.base import TOP
from consultations.views.topics.detail import TopicAct
from dxportal.core.ui.pages import ActPage, Crumbs, ReasonForm, crumbs


class TopicMoved(TopicAct):
    """A move of the topic by whoever it is up to: the supporting side, or the town concerned."""

    form_class: Any = ReasonForm
    template_name = "consultations/topics/move.html"
    move: TopicMove = TopicMove.HOLD

    def enter(self) -> None:
        self.roles = moves.TOPICS.table.roles(self.move)
        self.heading = self.button = self.here = self.move.label
        super().enter()
        # Whoever only was present at the same session reads along and decides nothing.
        if not Topic.objects.decided_by(self.user).filter(pk=self.topic.pk).exists():
            raise PermissionDenied

    def not_now(self) -> str:
        if self.move in moves.possible_moves(self.topic, self.user):
            return ""
        return f"この論点は現在「{self.topic.get_state_display()}」、公開の範囲は「{self.topic.get_audience_display()}」です。"

    def act(self, form: Any) -> str:
        topic = moves.make_move(self.topic.pk, self.move, user=self.user, reason=form.cleaned_data["reason"])
        return f"論点「{topic.title}」を「{topic.get_state_display()}」にしました。"


class TopicShow(TopicMoved):
    """The summary begins with what was said, persons left out; what was left out stands above it."""

    form_class = SummaryForm
    template_name = "consultations/topics/show.html"
    move = TopicMove.SHOW

    @cached_property
    def begun(self) -> ClearedText:
        return release.begin(self.topic)

    def get_initial(self) -> dict[str, Any]:
        topic = self.topic
        title = topic.summary_title or without_names(topic.title, release.known_names(topic)).text
        return {"title": title, "summary": topic.summary or self.begun.text, "revision": topic.revision}

    def act(self, form: SummaryForm) -> str:
        cleaned = form.cleaned_data
        topic = moves.show(
            self.topic.pk,
            title=cleaned["title"],
            summary=cleaned["summary"],
            day=release.release_day(self.topic),
            user=self.user,
            revision=cleaned["revision"] or 0,
        )
        return f"団体に確認を依頼しました。異議がなければ{topic.release_day:%-m月%-d日}に公開します。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        text = form["summary"].value() or ""
        # What somebody wrote since may name persons again.
        left = without_names(text, release.known_names(self.topic)).dropped
        context = {
            "dropped": () if self.topic.summary else self.begun.dropped,
            "left": left,
            "day": release.release_day(self.topic),
        }
        return super().get_context_data(**(context | kwargs))


class TopicAgree(TopicMoved):
    """The town agrees; it may change what others will read before."""

    form_class = SummaryForm
    template_name = "consultations/topics/agree.html"
    move = TopicMove.AGREE

    def get_initial(self) -> dict[str, Any]:
        return {
            "title": self.topic.summary_title,
            "summary": self.topic.summary,
            "revision": self.topic.revision,
        }

    def act(self, form: SummaryForm) -> str:
        cleaned = form.cleaned_data
        moves.agree(
            self.topic.pk,
            title=cleaned["title"],
            summary=cleaned["summary"],
            user=self.user,
            revision=cleaned["revision"] or 0,
        )
        return "要約を県内の市町村に公開しました。"


class TopicRulesPage(ActPage):
    """How many days the towns have."""

    roles = MEMO_OFFICE_ROLES
    form_class = TopicRulesForm
    heading = "論点の公開の設定"
    button = "保存する"

    def get_initial(self) -> dict[str, Any]:
        now = rules.rules_of(self.user.acting.organization.prefecture_id)
        return {"days": now.days, "contact_days": now.contact_days}

    def act(self, form: TopicRulesForm) -> str:
        rules.set_rules(**form.cleaned_data, user=self.user)
        return "設定を保存しました。これから依頼する分に使います。"

    def get_success_url(self) -> str:
        return reverse("consultations:topics")

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, TOP, self.heading)
