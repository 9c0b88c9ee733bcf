"""Inviting someone, and the new person behind an invitation's link."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from dxportal.core.accounts.forms.places import PeriodForm, PlaceForm
from dxportal.core.accounts.forms.profile import KANA_HELP, NAME_HELP
from dxportal.core.accounts.forms.sign_in import FRESH_HELP
from dxportal.core.accounts.models import User
from dxportal.core.ui.fields import JpCharField, JpEmailField, KatakanaField
from dxportal.core.ui.forms import PortalForm


class InviteForm(PlaceForm, PeriodForm):
    email = JpEmailField(
        label="メールアドレス", help_text="招待のリンクを送ります。本人だけが読めるアドレスにしてください。"
    )
    name = forms.CharField(label="氏名", max_length=100)
    field_order = ("email", "name", "organization", "role", "first_day", "last_day")


class NewAccountForm(PortalForm):
    """A new person behind an invitation link."""

    name = JpCharField(label="氏名", limit=100, help_text=NAME_HELP)
    kana = KatakanaField(label="氏名（カナ）", limit=100, required=False, help_text=KANA_HELP)
    password1 = forms.CharField(label="パスワード", strip=False, help_text=FRESH_HELP, widget=forms.PasswordInput)
    password2 = forms.CharField(label="パスワード（確認）", strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs["autocomplete"] = "new-password"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password = values.get("password1")
        repeated = values.get("password2")
        if password and repeated and password != repeated:
            self.add_error("password2", "2つのパスワードが一致しません。同じものを入力してください。")
        if password:
            person = User(email=self.email, name=values.get("name", ""), kana=values.get("kana", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return values
