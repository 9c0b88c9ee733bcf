"""The field and the form that take files."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dxportal.core.files.attachments import MOST
from dxportal.core.files.file_types import ENDINGS, LARGEST, MEGABYTE, TAKEN
from dxportal.core.ui.fields import JpFileField
from dxportal.core.ui.forms import PortalForm

NOT_TAKEN = "マクロ、埋め込みファイル、外部リンク、スクリプト、パスワードのあるものは添付できません。"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(JpFileField):
    """One or more uploads, at most ``most`` at once; their content is judged by ``attach``."""

    widget = FilesInput

    def __init__(self, *, most: int, **kwargs: Any):
        self.most = most
        super().__init__(accept=ENDINGS, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files: Sequence[Any] = data if isinstance(data, (list, tuple)) else [data]
        if len(files) > self.most:
            raise ValidationError(f"一度に選べるのは{self.most}個までです。", code="too_many")
        return [cleaned for file in files if (cleaned := super(FilesField, self).clean(file, initial))]


class FilesForm(PortalForm):
    """``noun``: what holds the files (「1件の事例」)."""

    files = FilesField(label="ファイル", most=MOST)  # type: ignore[assignment]  # the metaclass takes it off

    def __init__(self, *args: Any, noun: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = f"{TAKEN}。1個{LARGEST // MEGABYTE}MB以内、{noun}に{MOST}個まで。{NOT_TAKEN}"
