"""What a person tells about themselves."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from dxportal.core.accounts.forms.signin import FRESH_HELP
from dxportal.core.accounts.models import User
from dxportal.core.ui.fields import JpCharField, JpPhoneField, KatakanaField
from dxportal.core.ui.forms import PortalForm, PortalModelForm

NAME_HELP = "髙・𠮷などの文字もそのまま使えます。"
KANA_HELP = "ひらがな・半角カナで入力しても、全角カタカナに直して保存します。"


class ProfileForm(PortalModelForm):
    name = JpCharField(label="氏名", limit=100, help_text=NAME_HELP)
    kana = KatakanaField(label="氏名（カナ）", limit=100, required=False, help_text=KANA_HELP)
    phone = JpPhoneField(label="電話番号", limit=30, required=False, help_text="例：073-441-0000")
    extension = JpPhoneField(label="内線", limit=20, required=False)

    class Meta:
        model = User
        fields = ("name", "kana", "phone", "extension")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["extension"].widget.attrs["autocomplete"] = "tel-extension"


class NewAccountForm(PortalForm):
    """A new person behind an invitation link."""

    name = JpCharField(label="氏名", limit=100, help_text=NAME_HELP)
    kana = KatakanaField(label="氏名（カナ）", limit=100, required=False, help_text=KANA_HELP)
    password1 = forms.CharField(label="パスワード", strip=False, help_text=FRESH_HELP, widget=forms.PasswordInput)
    password2 = forms.CharField(label="パスワード（確認）", strip=False, widget=forms.PasswordInput)

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs["autocomplete"] = "new-password"

    def clean(self):
        values = super().clean()
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", "2つのパスワードが一致しません。同じものを入力してください。")
        if first:
            person = User(email=self.email, name=values.get("name", ""), kana=values.get("kana", ""))
            try:
                password_validation.validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return values
