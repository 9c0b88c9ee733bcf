"""Files of a session: the list with upload, one to save, taking one away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views import View

from consultations.domain.materials import attachments
from consultations.views.sessions.base import SessionPage
from dxportal.core.files.attachments import MOST, download
from dxportal.core.files.forms import FilesForm
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.ui.pages import ActPage, ObjectPart


class SessionFileAct(SessionPage, ActPage):
    scope = "editable_by"

    def not_now(self) -> str:
        return attachments.CONFIRMED if self.session.occasion.state == OccasionState.CONFIRMED else ""

    def get_success_url(self) -> str:
        return reverse("consultations:session_files", args=[self.session.pk])


class SessionFiles(SessionFileAct):
    template_name = "consultations/materials/attachments.html"
    heading = here = "相談の添付ファイル"
    form_class = FilesForm
    button = "添付する"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"noun": attachments.NOUN}

    def act(self, form: FilesForm) -> str:
        stored = attachments.add(self.session.pk, form.cleaned_data["files"], user=self.user)
        return f"{len(stored)}個のファイルを添付しました。" if stored else "同じファイルが添付済みです。"

    def get_back_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"attachments": self.session.attachments.select_related("uploaded_by"), "most": MOST}
        return super().get_context_data(**(context | kwargs))


class SessionFileDelete(SessionFileAct):
    part = ObjectPart("attachments", "attachment", key="file")
    heading = here = "添付ファイルを外す"
    button = "添付ファイルを外す"
    danger = True
    template_name = "consultations/materials/detach.html"

    def act(self, form: None) -> str:
        attachments.remove(self.session.pk, self.attachment.pk, user=self.user)
        return f"添付ファイル「{self.attachment.name}」を外しました。"


class SessionFile(SessionPage, View):
    """The bytes, for all who read the record."""

    part = ObjectPart("attachments", "attachment", key="file", related=("content",))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return download(self.attachment)
