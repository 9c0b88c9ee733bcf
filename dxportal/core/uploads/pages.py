"""The page of an import: the file, what it would do, and its confirmation. Nothing is written before that."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from dxportal.core.ui.pages import ActPage
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.uploads import domain
from dxportal.core.uploads.enums import UploadState
from dxportal.core.uploads.forms import ConfirmForm
from dxportal.core.uploads.models import Upload
from dxportal.core.workflow.errors import NotPossible, Overtaken

LATE = "ファイルを選んでから時間がたったか、すでに取り込みました。必要ならもう一度ファイルを選んでください。"
FAILED = "ファイルを読み取れませんでした。内容を確かめて、もう一度選んでください。"


class UploadPage(ActPage):
    """An ActPage whose form has ``file``. A room names its reader (``upload_kind``), shows what it gave (``show``) and,
    once that is confirmed, writes it (``write``).

    A small file is shown at once. A larger one leads to the same address with ``?file=``, which waits for the job, also
    after the page was left; ``uploads/_waiting.html`` in the template draws that where ``waiting`` is given.
    ``uploads/_confirm.html`` draws ``confirmation``, with a box for each of the ``warnings`` that the reader gave.
    """

    upload_kind = ""

    def upload_params(self) -> dict[str, Any]:
        """What the reader needs besides the file: plain JSON."""
        return {}

    def show(self, form: Any, upload: Upload, confirmation: ConfirmForm | None = None) -> HttpResponseBase:
        """What was read (``upload.read``): problems, or what would change, and the way to confirm it.

        ``confirmation``: one that was sent and lacks something.
        """
        raise NotImplementedError

    def write(self, read: dict[str, Any], confirmation: ConfirmForm) -> str:
        """Writes what was read; the sentence for the next page. Overtaken where it meets something else than was shown."""
        raise NotImplementedError

    def confirmation(self, upload: Upload, seen: object = "") -> ConfirmForm:
        """The form to be drawn below what was read."""
        values = {"token": str(upload.pk), "seen": str(seen)}
        return ConfirmForm(initial=values, warnings=upload.read.get("warnings", []))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if token := request.POST.get("token", ""):
            return self.confirm(token)
        return super().post(request, *args, **kwargs)

    def confirm(self, token: str) -> HttpResponseBase:
        upload = domain.find(token, self.upload_kind, user=self.user)
        if upload is None or upload.params != self.upload_params() or upload.state != UploadState.READ:
            return self.ask(self.get_form(), upload_problem=LATE)
        confirmation = ConfirmForm(self.request.POST, warnings=upload.read.get("warnings", []))
        if not confirmation.is_valid():
            return self.show(self.get_form(), upload, confirmation)
        try:
            with transaction.atomic():
                # Of two clicks the second waits here until the first has written; a refusal gives the file back.
                read = domain.claim(token, self.upload_kind, user=self.user)
                if read is None:
                    return self.ask(self.get_form(), upload_problem=LATE)
                sentence = self.write(read, confirmation)
        except Overtaken as refusal:
            return self.overtaken_by(upload, refusal)
        except ValidationError as refusal:
            return self.ask(self.get_form(), upload_problem=" ".join(refusal.messages))
        messages.success(self.request, sentence)
        return redirect(self.get_success_url())

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

    def overtaken_by(self, upload: Upload, refusal: Overtaken) -> HttpResponseBase:
        """Nothing was written, as somebody else was faster."""
        return self.ask(self.get_form(), status=CONFLICT, upload_problem=refusal.message)

    def receive(self, file: Any) -> Upload:
        if reason := self.not_now():
            raise NotPossible(reason)
        params = self.upload_params()
        return domain.receive(file, self.upload_kind, user=self.user, params=params, page=self.request.path)
