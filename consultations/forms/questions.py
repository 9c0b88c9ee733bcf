"""Forms of questions: asking, logging one from telephone or chat, answering, the filter of the list."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from consultations.domain.questions.write import NOUN, Asking
from consultations.enums import QuestionChannel, QuestionState
from consultations.models import ShelfItem
from dxportal.core.files.attachments import MOST
from dxportal.core.files.file_types import LARGEST, MEGABYTE, TAKEN
from dxportal.core.files.forms import FilesField
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressFlag, AddressForm, AddressText

LONGEST = 4000
OUTSIDE = (QuestionChannel.PHONE, QuestionChannel.CHAT)


class AskForm(PortalForm):
    """Two fields are enough. ``towns``: those to choose from; where there is one alone it isn't asked for."""

    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none())
    text = JpCharField(
        label="質問",
        limit=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="初めの一文が題名になります。氏名などの個人情報は書かないでください。",
    )
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all())
    to_towns = forms.BooleanField(
        label="ほかの市町村にも聞く",
        required=False,
        help_text="この分野に取り組んでいると回答し、質問を受けるとした市町村に、団体名と質問を伝えます。",
    )
    files = FilesField(  # type: ignore[assignment]  # the metaclass takes it off
        label="添付ファイル",
        most=MOST,
        required=False,
        help_text=f"{TAKEN}。1個{LARGEST // MEGABYTE}MB以内、{NOUN}に{MOST}個まで。",
    )

    item = forms.ModelChoiceField(
        label="資料", queryset=ShelfItem.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, towns: QuerySet[Organization], items: QuerySet[ShelfItem] | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        if items is not None:
            choose_from(self, "item", items)
        choose_from(self, "organization", towns)
        first = list(towns[:2])
        self.only = first[0] if len(first) == 1 else None
        if self.only is not None:
            del self.fields["organization"]

    @property
    def town(self) -> Organization:
        return self.only or self.cleaned_data["organization"]

    def asking(self) -> Asking:
        cleaned = self.cleaned_data
        return Asking(
            cleaned["text"],
            cleaned["area"],
            to_towns=cleaned.get("to_towns", False),
            channel=cleaned.get("channel", QuestionChannel.PORTAL),
            answer=cleaned.get("answer", ""),
            files=cleaned.get("files") or (),
            shelf_item=cleaned.get("item"),
        )


class LogForm(AskForm):
    """A question that came by telephone or chat, with the answer where it was given at once."""

    channel = forms.ChoiceField(
        label="経路",
        choices=[(channel.value, channel.label) for channel in OUTSIDE],
        initial=QuestionChannel.PHONE,
        widget=forms.RadioSelect,
    )
    answer = JpCharField(
        label="回答",
        limit=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="その場で答えたときに入力します。空欄なら、担当の伴走コンシェルジュに知らせます。",
    )
    field_order = ("organization", "channel", "text", "area", "answer", "to_towns")
    files = None  # type: ignore[assignment]


class AnswerForm(PortalForm):
    text = JpCharField(label="回答", limit=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))


class AcceptForm(PortalForm):
    answer = forms.IntegerField(widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ConsentForm(PortalForm):
    agreed = forms.BooleanField(label="ほかの市町村からの質問を受ける", required=False)


class QuestionAddress(AddressForm):
    """``box``: own (of the person's own side) or put (to the person's town)."""

    q = AddressText(label="質問")
    box = forms.ChoiceField(
        label="だれの質問", choices=[("", "すべて"), ("own", "自分の側の質問"), ("put", "尋ねられた質問")]
    )
    state = forms.ChoiceField(label="状態", choices=[("", "すべて"), *QuestionState.choices])
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), empty_label="すべて")
    waiting = AddressFlag(label="回答のないものだけ")
