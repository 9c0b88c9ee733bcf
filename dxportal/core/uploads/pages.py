"""The page of an import: the file, what it would do, and then the room's own confirmation."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from dxportal.core.ui.pages import ActPage
from dxportal.core.uploads import domain
from dxportal.core.uploads.enums import UploadState
from dxportal.core.uploads.models import Upload
from dxportal.core.workflow.errors import NotPossible

LATE = "ファイルを選んでから時間がたったか、すでに取り込みました。必要ならもう一度ファイルを選んでください。"
FAILED = "ファイルを読み取れませんでした。内容を確かめて、もう一度選んでください。"


class UploadPage(ActPage):
    """An ActPage whose form has ``file``. A room names its reader (``upload_kind``) and shows what it gave (``show``).

    A small file is shown at once. A larger one leads to the same address with ``?file=``, which waits for the job, also
    after the page was left; ``uploads/_waiting.html`` in the template draws that where ``waiting`` is given.
    """

    upload_kind = ""

    def upload_params(self) -> dict[str, Any]:
        """What the reader needs besides the file: plain JSON."""
        return {}

    def show(self, form: Any, upload: Upload) -> HttpResponseBase:
        """What was read (``upload.read``): problems, or what would change, and the way to confirm it."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        text = request.GET.get("file", "")
        if not text:
            return super().get(request, *args, **kwargs)
        upload = domain.find(text, self.upload_kind, user=self.user)
        if upload is None or upload.params != self.upload_params() or upload.state == UploadState.TAKEN:
            return self.ask(self.get_form(), upload_problem=LATE)
        if upload.state == UploadState.READ:
            return self.show(self.get_form(), upload)
        if upload.state == UploadState.WAITING and upload.job and upload.job.is_active:
            return self.ask(self.get_form(), waiting=upload)
        failure = upload.job.error if upload.job else ""
        return self.ask(self.get_form(), upload_problem=upload.problem or failure or FAILED)

    def act(self, form: Any) -> str | HttpResponseBase | None:
        return self.answer(form, self.receive(form.cleaned_data["file"]))

    def answer(self, form: Any, upload: Upload) -> HttpResponseBase:
        """Leads to the page that waits, or shows what was read."""
        if upload.waits:
            return redirect(f"{self.request.path}?file={upload.pk}")
        return self.show(form, upload)

    def receive(self, file: Any) -> Upload:
        if reason := self.not_now():
            raise NotPossible(reason)
        params = self.upload_params()
        return domain.receive(file, self.upload_kind, user=self.user, params=params, page=self.request.path)
