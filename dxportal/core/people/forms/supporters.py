"""Forms of supporters and their capacities, and the filter of the register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from dxportal.core.accounts.models import User
from dxportal.core.people.domain.register import fields_of
from dxportal.core.people.models import Capacity, Supporter, SupporterCapacity
from dxportal.core.ui.fields import JpCharField, JpDateField, KatakanaField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressForm, AddressText

LONGEST = 2000
MOST_SCHEMES, LONGEST_SCHEME = 20, 100
LAST_DAY_HELP = "決まっていなければ空欄のままにします。"


class AccountField(forms.ModelChoiceField):
    def label_from_instance(self, user: Any) -> str:
        return f"{user.name}（{user.email}）"


class SupporterForm(PortalForm):
    """``supporter``: who is changed, None for somebody new."""

    name = JpCharField(label="氏名", limit=100)
    kana = KatakanaField(label="氏名（カナ）", limit=100, required=False)
    affiliation = JpCharField(label="所属", limit=200, required=False)
    schemes = JpCharField(
        label="登録している国の制度",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="1行に1つ入力します。例：地域情報化アドバイザー",
    )
    user = AccountField(
        label="アカウント",
        queryset=User.objects.none(),
        required=False,
        help_text="県に所属する利用者から選びます。アカウントのない人は選ばずに登録できます。",
    )
    note = JpCharField(
        label="備考",
        limit=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="県職員と業務スタッフだけに表示します。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, supporter: Supporter | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "user", accounts_for(user, supporter))

    def clean_schemes(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["schemes"].splitlines()]
        schemes = list(dict.fromkeys(filter(None, lines)))
        if len(schemes) > MOST_SCHEMES:
            raise ValidationError(f"{MOST_SCHEMES}件までにしてください（現在{len(schemes)}件）。", code="too_many")
        if too_long := next((line for line in schemes if len(line) > LONGEST_SCHEME), ""):
            raise ValidationError(
                f"1行は{LONGEST_SCHEME}文字以内で入力してください（「{too_long[:20]}…」）。", code="too_long"
            )
        return schemes

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


def accounts_for(user: Any, supporter: Supporter | None) -> QuerySet[User]:
    """People of the prefecture itself who are no supporter yet, and the one who is linked already."""
    prefecture = user.acting.organization_id
    free = Q(memberships__organization=prefecture) & ~Q(supporters__prefecture=prefecture)
    linked = Q(pk=supporter.user_id if supporter else None)
    return User.objects.filter(pk__in=User.objects.filter(free | linked).values("pk"))


def initial_of(supporter: Supporter) -> dict[str, Any]:
    names = ("name", "kana", "affiliation", "user", "note", "revision")
    return {name: getattr(supporter, name) for name in names} | {"schemes": "\n".join(supporter.schemes)}


class CapacityForm(PortalForm):
    capacity = forms.ModelChoiceField(label="役割", queryset=Capacity.objects.none())
    field = JpCharField(label="分野", limit=100, required=False)
    first_day = JpDateField(label="開始日")
    last_day = JpDateField(label="終了日", required=False, help_text=LAST_DAY_HELP)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, row: SupporterCapacity | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        here = Capacity.objects.for_user(user)
        # One that is no longer in use stays where it is held.
        choose_from(self, "capacity", here.filter(Q(is_active=True) | Q(pk=row.capacity_id if row else None)))
        with_field = "、".join(capacity.name for capacity in here if capacity.has_field)
        known = "、".join(fields_of(user))
        self.fields["field"].help_text = f"分野をもつ役割（{with_field}）だけに入力します。" + (
            f"登録済みの分野：{known}" if known else ""
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        capacity = cleaned.get("capacity")
        if capacity and not capacity.has_field and cleaned.get("field"):
            self.add_error("field", f"「{capacity}」は分野をもちません。空欄にしてください。")
        return cleaned


class LastDayForm(PortalForm):
    """End of a period."""

    last_day = JpDateField(label="最後の日", help_text="この日までを期間に含めます。")


class SupporterAddress(AddressForm):
    """``day``: as of which day; ``state`` "all" shows those, too, who hold no capacity on it."""

    q = AddressText(label="氏名・カナ・所属", widget=forms.TextInput(attrs={"type": "search"}))
    capacity = forms.ModelChoiceField(label="役割", queryset=Capacity.objects.none(), empty_label="すべて")
    field = forms.ChoiceField(label="分野")
    day = JpDateField(label="基準日", help_text="空欄は今日")
    state = forms.ChoiceField(label="対象", choices=[("", "在任中の人"), ("all", "すべて（在任でない人を含む）")])
    tell = ("day",)

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "capacity", Capacity.objects.for_user(user))
        field: Any = self.fields["field"]
        field.choices = [("", "すべて"), *((name, name) for name in fields_of(user))]
