"""allauth's forms in the portal's manner: one column, no placeholder, mail addresses in any width."""

from allauth.account import forms as allauth_forms

from dxportal.core.ui.fields import JpEmailField
from dxportal.core.ui.forms import PortalForm

FRESH_HELP = (
    "10文字以上。数字だけのもの、よく使われるもの、氏名やメールアドレスに似たものは使えません。貼り付けできます。"
)


class PlainMixin(PortalForm):
    """Takes away placeholders and gives every field its Japanese label and help."""

    labels: dict[str, str] = {}
    helps: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")


def address_field() -> JpEmailField:
    field = JpEmailField(label="メールアドレス")
    field.widget.attrs["autocomplete"] = "username"
    return field


class LoginForm(PlainMixin, allauth_forms.LoginForm):
    labels = {"password": "パスワード"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"login": address_field(), **{k: v for k, v in self.fields.items() if k != "login"}}

    def clean_login(self):
        return self.cleaned_data["login"].lower()


class ResetPasswordForm(PlainMixin, allauth_forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field()


class ChangePasswordForm(PlainMixin, allauth_forms.ChangePasswordForm):
    labels = {
        "oldpassword": "現在のパスワード",
        "password1": "新しいパスワード",
        "password2": "新しいパスワード（確認）",
    }
    helps = {"password1": FRESH_HELP}


class ResetPasswordKeyForm(PlainMixin, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": "新しいパスワード", "password2": "新しいパスワード（確認）"}
    helps = {"password1": FRESH_HELP}


class PasswordReauthenticateForm(PlainMixin, allauth_forms.ReauthenticateForm):
    labels = {"password": "パスワード"}


__all__ = [
    "FRESH_HELP",
    "ChangePasswordForm",
    "LoginForm",
    "PasswordReauthenticateForm",
    "PlainMixin",
    "ResetPasswordForm",
    "ResetPasswordKeyForm",
]
