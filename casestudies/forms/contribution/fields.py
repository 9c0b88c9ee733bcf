"""Fields that only the form of a case has."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dxportal.core.kana import half_width
from dxportal.core.ui.eras import BY_SIGN
from dxportal.core.ui.fields import JpCharField, JpIntegerField

ERA_YEAR = re.compile(r"(?P<era>[^\d元\s]+)\s*(?P<year>\d{1,2}|元)")
SEPARATORS = re.compile(r"[、,，;；\n]+")
FIRST_YEAR, LAST_YEAR = 1990, 2100
UNREADABLE_YEAR = "年度を西暦か和暦で入力してください（例：2024、令和6年度）。入力された値：「{}」"


class WordsField(JpCharField):
    """Words separated by 「、」, commas or line breaks; as a tuple without repetitions."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, *, most: int, longest: int, **kwargs: Any):
        self.most = most
        self.longest = longest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> tuple[str, ...]:
        words = (word.strip(" \t　") for word in SEPARATORS.split(super().to_python(value)))
        return tuple(dict.fromkeys(filter(None, words)))

    def validate(self, value: tuple[str, ...]) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if long := next((word for word in value if len(word) > self.longest), None):
            raise ValidationError(
                f"一つのことばは{self.longest}文字以内で入力してください。長いことば：「{long[:20]}…」",
                code="word_long",
            )
        if len(value) > self.most:
            raise ValidationError(f"{self.most}個以内で入力してください（現在{len(value)}個）。", code="too_many")

    def run_validators(self, value: tuple[str, ...]) -> None:
        for word in value:
            super().run_validators(word)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, (tuple, list)) else value


class FiscalYearField(JpIntegerField):
    """「2024」, 「令和6年度」, 「R6」 → 2024."""

    def __init__(self, **kwargs: Any):
        super().__init__(min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            text = half_width(value).strip().removesuffix("年度").removesuffix("年").strip()
            match = ERA_YEAR.fullmatch(text)
            if match and (era := BY_SIGN.get(match["era"])):
                return era.western(1 if match["year"] == "元" else int(match["year"]))
            try:
                return super().to_python(text)
            except ValidationError as error:
                raise ValidationError(UNREADABLE_YEAR.format(value.strip()[:20]), code="invalid") from error
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class WebAddressField(forms.URLField):
    """An http(s) address; nothing that a browser would run."""

    default_error_messages = {
        "invalid": "アドレスをhttps://から入力してください（例：https://www.example.lg.jp/dx/）。",
        "too_long": "アドレスは500文字以内で入力してください。",
    }
    widget = forms.TextInput

    def __init__(self, **kwargs: Any):
        super().__init__(assume_scheme="https", **kwargs)

    def clean(self, value: Any) -> str:
        address = super().clean(half_width(value) if isinstance(value, str) else value)
        if len(address) > 500:
            raise ValidationError(self.error_messages["too_long"], code="too_long")
        if address and not address.lower().startswith(("http://", "https://")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address
