"""A prefecture's own kind of occasion."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dxportal.core.occasions.enums import CountingBook
from dxportal.core.occasions.models import OccasionKind
from dxportal.core.ui.fields import JpCharField, JpIntegerField
from dxportal.core.ui.forms import PortalModelForm

LAST_PLACE = 999


class KindForm(PortalModelForm):
    """The code stays what it was: plans and files name it."""

    name = JpCharField(label="名称", limit=60)
    book = forms.ChoiceField(label="帳簿", choices=CountingBook.choices, widget=forms.RadioSelect)
    order = JpIntegerField(label="並び順", min_value=0, max_value=LAST_PLACE, initial=0)
    is_active = forms.BooleanField(label="使用中", required=False, initial=True)

    class Meta:
        model = OccasionKind
        fields = ("code", "name", "book", "order", "is_active")
        help_texts = {"code": "英小文字・数字・下線。例：town_visit"}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        # One of everybody's, too: a code says the same wherever it stands.
        if OccasionKind.objects.of_prefecture(self.instance.prefecture_id).filter(code=code).exists():
            raise ValidationError("同じコードの種別があります。別のコードを入力してください。", code="twice")
        return code
