"""The forms of the second factor."""

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms

from dxportal.core.accounts.forms.sign_in import PlainMixin
from dxportal.core.kana import even_width

CODE_HELP = "認証アプリに表示されている6桁の数字。全角でも入力できます。"
EITHER_HELP = "認証アプリの6桁の数字、またはリカバリーコード（8桁）を入力してください。全角でも入力できます。"


class CodeMixin(PlainMixin):
    labels = {"code": "確認コード"}
    helps = {"code": CODE_HELP}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")

    def clean_code(self):
        self.cleaned_data["code"] = "".join(even_width(self.cleaned_data["code"]).split())
        return super().clean_code()  # type: ignore[misc]  # of the library's form beside it


class ActivateTotpForm(CodeMixin, totp_forms.ActivateTOTPForm):
    pass


class AuthenticateForm(CodeMixin, base_forms.AuthenticateForm):
    helps = {"code": EITHER_HELP}


class CodeReauthenticateForm(CodeMixin, base_forms.ReauthenticateForm):
    helps = {"code": EITHER_HELP}
