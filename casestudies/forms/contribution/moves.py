"""Small forms of the acts: comments, audience, files."""

from django import forms

from casestudies.domain.contribution.moves import COMMENT_LIMIT
from casestudies.enums import Audience
from dxportal.core.ui.fields import BOOK_ENDINGS, JpCharField, JpFileField
from dxportal.core.ui.forms import PortalForm


class CaseCommentForm(PortalForm):
    comment = JpCharField(
        label="コメント",
        required=False,
        limit=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="相手に伝わります。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CaseSendBackForm(CaseCommentForm):
    comment = JpCharField(
        label="差戻しの理由",
        limit=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="直してほしいところを具体的に。登録した団体に伝わります。",
    )


class CasePublishForm(CaseCommentForm):
    audience = forms.ChoiceField(label="公開範囲", choices=Audience.choices, widget=forms.RadioSelect)


class RegisterFileForm(PortalForm):
    file = JpFileField(
        label="台帳のファイル",
        help_text="Excelブック（.xlsx）またはCSV（.csv）、10MB以内、500件まで",
        accept=BOOK_ENDINGS,
    )
