"""Files of a case: the list with upload, one to save, taking one away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views import View

from casestudies.domain.contribution import attachments
from casestudies.models import Case
from casestudies.views.contribution.base import ContributedCase
from dxportal.core.files.attachments import MOST, download
from dxportal.core.files.forms import FilesForm
from dxportal.core.ui.pages import ActPage, ObjectPart, ScopedObject


class AttachmentAct(ContributedCase, ActPage):
    scope = "editable_by"

    def get_success_url(self) -> str:
        return reverse("casestudies:attachments", args=[self.case.source_id])


class Attachments(AttachmentAct):
    template_name = "casestudies/contribution/attachments.html"
    heading = here = "添付ファイル"
    form_class = FilesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"noun": attachments.NOUN}

    def act(self, form: FilesForm) -> str:
        stored = attachments.add(self.case.pk, form.cleaned_data["files"], user=self.user)
        return f"{len(stored)}個のファイルを添付しました。" if stored else "同じファイルが添付済みです。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"attachments": self.case.attachments.select_related("uploaded_by"), "most": MOST}
        return super().get_context_data(**(context | kwargs))


class AttachmentDelete(AttachmentAct):
    template_name = "casestudies/contribution/confirm.html"
    part = ObjectPart("attachments", "attachment")
    heading = here = "添付ファイルを外す"
    button = "添付ファイルを外す"
    danger = True

    def act(self, form: None) -> str:
        attachments.remove(self.case.pk, self.attachment.pk, user=self.user)
        return f"添付ファイル「{self.attachment.name}」を外しました。"


class AttachmentFile(ScopedObject, View):
    """The bytes, for all who may open the case."""

    model = Case
    scope = "for_user"
    key = "source_id"
    name = "case"
    part = ObjectPart("attachments", "attachment", related=("content",))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return download(self.attachment)
