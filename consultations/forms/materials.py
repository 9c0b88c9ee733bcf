"""Forms of what is at hand around a session."""

from typing import Any

from django import forms

from consultations.domain.materials.preparation import PreparationContent
from consultations.domain.materials.snippets import SnippetContent
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm


def text_field(label: str, rows: int, help_text: str) -> JpCharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return JpCharField(label=label, limit=4000, required=False, widget=widget, help_text=help_text)


class PreparationForm(PortalForm):
    questions = text_field("考えてきてほしいこと", 4, "1行に一つ。")
    time_plan = text_field("時間の配分", 4, "例：宿題の確認10分、論点40分、まとめ10分。")
    to_bring = text_field("用意するもの", 3, "資料、データ、同席してほしい課など。")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def content(self) -> PreparationContent:
        cleaned = self.cleaned_data
        return PreparationContent(cleaned["questions"], cleaned["time_plan"], cleaned["to_bring"])


class SnippetForm(PortalForm):
    title = JpCharField(label="名前", limit=60, help_text="一覧から選ぶときに見える名前。")
    text = JpCharField(label="文章", limit=4000, widget=forms.Textarea(attrs={"rows": 6}))
    shared = forms.BooleanField(
        label="支援する人みんなで使う",
        required=False,
        help_text="県の職員・業務スタッフ・伴走コンシェルジュが使い、直せます。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]

    def content(self) -> SnippetContent:
        cleaned = self.cleaned_data
        return SnippetContent(cleaned["title"], cleaned["text"], cleaned.get("shared", False))
