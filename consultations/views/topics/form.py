"""Writing a topic."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.domain.sessions import log
from consultations.domain.topics import write
from consultations.domain.topics.alike import asked_at
from consultations.enums import ACTING_ROLES
from consultations.forms.topics import ProposalForm, TopicForm, hidden_links, initial_of
from consultations.models import Topic
from consultations.views.actions.base import ROOM
from consultations.views.sessions.base import SessionPage
from consultations.views.topics.base import TOP, TopicPage
from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class TopicCreate(ActPage):
    """The town of the address, or the only one in reach, is chosen already."""

    once = True
    roles = ACTING_ROLES
    form_class = TopicForm
    template_name = "consultations/topics/form.html"
    heading = "論点を登録する"
    button = "登録する"
    saved: Topic

    def enter(self) -> None:
        super().enter()
        self.towns = write.towns_for(self.user)
        if not self.towns.exists():
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "towns": self.towns}

    def get_initial(self) -> dict[str, Any]:
        first = list(self.towns[:2])
        only = first[0].pk if len(first) == 1 else None
        return {"organization": self.request.GET.get("organization") or only}

    def act(self, form: TopicForm) -> str:
        self.saved = write.create(form.cleaned_data["organization"].pk, form.content(), user=self.user)
        return f"論点「{self.saved.title}」を登録しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:topic", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("consultations:topics")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"alike_at": asked_at()} | kwargs))

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, TOP, "新しい論点")


class TopicEdit(TopicPage, ActPage):
    """A stale save shows what is stored beside what was typed."""

    scope = "editable_by"
    form_class = TopicForm
    template_name = "consultations/topics/form.html"
    heading = "論点を変更する"
    button = "保存する"
    here = "変更"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "towns": None, "hidden": hidden_links(self.topic, self.user)}

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.topic, self.user)

    def act(self, form: TopicForm) -> str:
        revision = form.cleaned_data.get("revision") or 0
        topic = write.change(self.topic.pk, form.content(), user=self.user, revision=revision)
        return f"論点「{topic.title}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:topic", args=[self.topic.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if current := kwargs.get("current"):
            kwargs["stored"] = initial_of(current, self.user)
        return super().get_context_data(**kwargs)


class TopicPropose(SessionPage, ActPage):
    """A town says before a session what it wants to talk about."""

    once = True
    key = "session"
    field = "pk"
    roles = ANSWERING_ROLES
    form_class = ProposalForm
    template_name = "consultations/topics/propose.html"
    heading = here = "論点を提案する"
    button = "提案する"

    def enter(self) -> None:
        super().enter()
        if self.user.acting.organization_id not in log.towns_of(self.session):
            raise PermissionDenied

    def not_now(self) -> str:
        return "" if log.may_propose(self.session, self.user) else "論点を提案できるのは、これから行う相談だけです。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"alike_at": asked_at()} | kwargs))

    def act(self, form: ProposalForm) -> str:
        topic = log.propose(self.session.pk, form.content(), user=self.user)
        return f"論点「{topic.title}」を提案しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])
