"""Files of a case: the list with upload, one to save, taking one away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views import View
from django.views.generic import TemplateView

from casestudies.domain.contribution import attachments
from casestudies.forms.contribution.moves import FilesForm
from casestudies.models import Attachment, Case
from casestudies.views.contribution.pages import CaseMixin
from dxportal.core.workflow.errors import NotPossible


class Attachments(CaseMixin, TemplateView):
    template_name = "casestudies/contribution/attachments.html"
    editing = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FilesForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = attachments.add(self.object.pk, form.cleaned_data["files"], user=request.user)
            except NotPossible as error:
                form.add_error("files", error)
            else:
                messages.success(
                    request, f"{len(made)}個のファイルを添付しました。" if made else "同じファイルが添付済みです。"
                )
                return redirect("casestudies:attachments", self.object.source_id)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "form": FilesForm(),
            "attachments": self.object.attachments.select_related("uploaded_by"),
            "most": attachments.MOST,
            "crumbs": self.way("添付ファイル"),
        }
        return super().get_context_data(**(context | kwargs))


class AttachmentFile(View):
    """The bytes, for all who may open the case. Never shown inside the portal's own pages: always saved."""

    def get(self, request: HttpRequest, source_id: str, pk: int) -> HttpResponse:
        cases = Case.objects.for_user(request.user).filter(source_id=source_id)
        found = get_object_or_404(Attachment.objects.select_related("content"), case__in=cases, pk=pk)
        response = HttpResponse(bytes(found.content.data), content_type=found.content_type)
        response["Content-Disposition"] = content_disposition_header(True, found.name)
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-cache"
        return response


class AttachmentDelete(CaseMixin, TemplateView):
    """Asks first."""

    template_name = "casestudies/contribution/attachment_delete.html"
    editing = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.attachment = self.object.attachments.filter(pk=kwargs["pk"]).first()
        if self.attachment is None:
            raise Http404

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attachments.remove(self.object.pk, self.attachment.pk, user=request.user)
        messages.success(request, f"添付ファイル「{self.attachment.name}」を外しました。")
        return redirect("casestudies:attachments", self.object.source_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(attachment=self.attachment, crumbs=self.way("添付ファイルを外す"), **kwargs)
