"""A topic of the consultations becomes the draft of a case."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from casestudies.enums import CONTRIBUTING_ROLES
from casestudies.models import Case
from consultations.models import Topic
from dxportal.core.ui.pages import ActPage, ScopedObject
from dxportal.portal.domain import library


class TopicCase(ScopedObject, ActPage):
    """One click: the draft, open for writing."""

    model = Topic
    scope = "for_user"
    name = "topic"
    related = ("organization__prefecture", "area", "session")
    roles = CONTRIBUTING_ROLES
    post_only = True
    once = True
    saved: Case

    def enter(self) -> None:
        super().enter()
        if not library.may_draft(self.user, self.topic):
            raise PermissionDenied

    def act(self, form: None) -> str:
        self.saved = library.draft(self.topic, user=self.user)
        return "論点から事例の下書きを作りました。足りないところを書き足してください。"

    def get_success_url(self) -> str:
        return reverse("casestudies:edit", args=[self.saved.source_id])

    def get_back_url(self) -> Any:
        return reverse("consultations:topic", args=[self.topic.pk])
