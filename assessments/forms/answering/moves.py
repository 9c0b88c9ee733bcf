"""What is asked with a move of the answer sheet inside the municipality."""

from django import forms

from dxportal.core.ui.forms import PortalForm

COMMENT_LIMIT = 1000


class CommentForm(PortalForm):
    """庁内確認依頼 and 取下げ: a word to the other side, if wanted."""

    comment = forms.CharField(
        label="連絡事項",
        required=False,
        help_text=f"{COMMENT_LIMIT:,}文字以内。承認する人に伝えることがあれば入力してください。",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": COMMENT_LIMIT}),
    )

    def clean_comment(self) -> str:
        return within_limit(self.cleaned_data["comment"])


class SendBackForm(PortalForm):
    """差戻し inside the municipality; no question named means the whole sheet."""

    comment = forms.CharField(
        label="差戻しの理由",
        help_text=f"{COMMENT_LIMIT:,}文字以内。何を直せばよいかが分かるように入力してください。",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": COMMENT_LIMIT}),
    )
    questions = forms.MultipleChoiceField(
        label="差し戻す設問",
        required=False,
        help_text="選んだ設問だけが入力できるようになります。選ばなければ、全体を差し戻します。",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, questions=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["questions"].choices = [(one.code, f"問{one.code} {one.short}") for one in questions]

    def clean_comment(self) -> str:
        return within_limit(self.cleaned_data["comment"])


class SubmitForm(PortalForm):
    """承認して県へ提出; ``unanswered`` > 0 asks for an explicit word that those stay unanswered."""

    accept_unanswered = forms.BooleanField(required=False)

    def __init__(self, *args, unanswered=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accept_unanswered"].label = f"未回答の必須設問（{unanswered}問）は、未回答のまま提出します"


def within_limit(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if (over := len(text) - COMMENT_LIMIT) > 0:
        raise forms.ValidationError(
            f"{COMMENT_LIMIT:,}文字以内で入力してください（現在{len(text):,}文字、{over:,}文字超過）。"
        )
    return text
