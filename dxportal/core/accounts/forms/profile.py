"""One's own name and telephone."""

from typing import Any

from dxportal.core.accounts.models import User
from dxportal.core.ui.fields import JpCharField, JpPhoneField, KatakanaField
from dxportal.core.ui.forms import PortalModelForm

NAME_HELP = "髙・𠮷などの文字もそのまま使えます。"
KANA_HELP = "ひらがな・半角カナで入力しても、全角カタカナに直して保存します。"


class OwnProfileForm(PortalModelForm):
    name = JpCharField(label="氏名", limit=100, help_text=NAME_HELP)
    kana = KatakanaField(label="氏名（カナ）", limit=100, required=False, help_text=KANA_HELP)
    phone = JpPhoneField(label="電話番号", limit=30, required=False, help_text="例：073-441-0000")
    extension = JpPhoneField(label="内線", limit=20, required=False)

    class Meta:
        model = User
        fields = ("name", "kana", "phone", "extension")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["extension"].widget.attrs["autocomplete"] = "tel-extension"
