"""Files of a topic: the list with upload, one to save, taking one away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views import View

from consultations.domain.topics import attachments
from consultations.views.topics.base import TopicPage
from dxportal.core.files.attachments import MOST, download
from dxportal.core.files.forms import FilesForm
from dxportal.core.ui.pages import ActPage, ObjectPart


class TopicFilesAct(TopicPage, ActPage):
    scope = "editable_by"

    def get_success_url(self) -> str:
        return reverse("consultations:topic_files", args=[self.topic.pk])


class TopicFiles(TopicFilesAct):
    template_name = "consultations/topics/files.html"
    heading = here = "添付ファイル"
    form_class = FilesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"noun": attachments.NOUN}

    def act(self, form: FilesForm) -> str:
        stored = attachments.add(self.topic.pk, form.cleaned_data["files"], user=self.user)
        return f"{len(stored)}個のファイルを添付しました。" if stored else "同じファイルが添付済みです。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"attachments": self.topic.attachments.select_related("uploaded_by"), "most": MOST}
        return super().get_context_data(**(context | kwargs))


class TopicFileDelete(TopicFilesAct):
    template_name = "consultations/topics/act.html"
    part = ObjectPart("attachments", "attachment", key="file")
    heading = here = "添付ファイルを外す"
    button = "添付ファイルを外す"
    danger = True

    def act(self, form: None) -> str:
        attachments.remove(self.topic.pk, self.attachment.pk, user=self.user)
        return f"添付ファイル「{self.attachment.name}」を外しました。"


class TopicFile(TopicPage, View):
    """The bytes, for those present and the prefecture: another town gets none, whatever it may read of the topic."""

    part = ObjectPart("attachments", "attachment", key="file", related=("content",))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return download(self.attachment)
