"""A bureau's or municipality's master data, and its figures of a year."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dxportal.core.kana import half_width
from dxportal.core.organizations.domain import codes
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import FormerName, Organization, Profile
from dxportal.core.ui.fields import JpCharField, JpDateField, JpIntegerField, KatakanaField
from dxportal.core.ui.forms import PortalModelForm, choose_from
from dxportal.core.workflow.errors import NotPossible

MAP_SIZE = 20  # rows and columns of the tile map
LARGEST = 100_000_000


class OrganizationForm(PortalModelForm):
    """A bureau has a name and a reading; a municipality also a code, a kind and a bureau."""

    code = JpCharField(
        label="団体コード", required=False, help_text="全国地方公共団体コードの6桁。検査数字を確かめます。"
    )
    name = JpCharField(label="名称", limit=100)
    kana = KatakanaField(
        label="カナ", limit=100, required=False, help_text="ひらがなで入力してもカタカナで保存します。"
    )

    district = JpCharField(
        label="郡",
        limit=20,
        required=False,
        help_text="町村だけ（例：古宇郡）。県内に同じ名称の町村があるときの区別に使います。",
    )

    first_day = JpDateField(
        label="設置日",
        required=False,
        help_text="合併などで新しくできた団体だけ。この日より前の調査の対象にはなりません。",
    )

    class Meta:
        model = Organization
        fields = ("code", "name", "kana", "municipality_kind", "district", "parent", "first_day")
        help_texts = {"parent": "振興局、または都道府県。"}

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.is_municipality:
            self.fields["municipality_kind"].required = True
            self.fields["parent"].required = True
            in_prefecture = Organization.objects.filter(prefecture=self.instance.prefecture_id)
            choose_from(self, "parent", in_prefecture.exclude(kind=OrganizationKind.MUNICIPALITY))
        else:
            for name in ("code", "municipality_kind", "district", "parent", "first_day"):
                del self.fields[name]

    def clean_code(self) -> str | None:
        code = "".join(half_width(self.cleaned_data["code"]).split())
        if not code:
            return None
        if not (self.instance.fictional or codes.is_valid(code)):
            raise ValidationError(
                f"団体コードが正しくありません（検査数字が合いません）。入力された値：「{code}」", code="code"
            )
        if Organization.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError("この団体コードは、ほかの団体で使われています。", code="twice")
        former = FormerName.objects.filter(code=code).exclude(organization=self.instance.pk)
        if before := former.select_related("organization").first():
            raise ValidationError(f"この団体コードは、{before.organization}の以前の団体コードです。", code="former")
        return code

    def clean(self) -> dict[str, Any]:
        """Two towns of one name are told apart by their districts; that of an ended one may recur."""
        values = super().clean() or {}
        namesakes = Organization.objects.filter(
            prefecture=self.instance.prefecture_id,
            kind=self.instance.kind,
            name=values.get("name"),
            district=values.get("district", ""),
            last_day__isnull=True,
        )
        if self.instance.last_day is None and namesakes.exclude(pk=self.instance.pk).exists():
            message = "同じ名称の組織が、この都道府県にあります。"
            if self.instance.is_municipality:
                message += "別の町村であれば、郡で区別してください。"
            self.add_error("name", ValidationError(message, code="twice"))
        first_day = values.get("first_day")
        if first_day and self.instance.last_day and first_day > self.instance.last_day:
            self.add_error("first_day", ValidationError("廃止された日より前の日付を入力してください。", code="order"))
        return values

    def save(self, commit: bool = True) -> Organization:
        """NotPossible where somebody registered the same between the check and now."""
        try:
            with transaction.atomic():
                saved: Organization = super().save(commit)
        except IntegrityError as error:
            raise NotPossible(
                "同じ名称か団体コードの組織が、今ほかの操作で登録されました。組織の一覧を確かめてください。",
                code="twice",
            ) from error
        return saved


class ProfileForm(PortalModelForm):
    population = JpIntegerField(label="人口", unit="人", min_value=0, max_value=LARGEST, required=False)
    population_date = JpDateField(label="人口の時点", required=False)
    staff = JpIntegerField(label="一般行政部門の職員数", unit="人", min_value=0, max_value=1_000_000, required=False)
    tile_row = JpIntegerField(
        label="タイル地図の行", min_value=1, max_value=MAP_SIZE, required=False, help_text="上から数えた位置。"
    )
    tile_column = JpIntegerField(
        label="タイル地図の列", min_value=1, max_value=MAP_SIZE, required=False, help_text="左から数えた位置。"
    )

    class Meta:
        model = Profile
        fields = ("population", "population_date", "staff", "tile_row", "tile_column")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("population") is not None and not values.get("population_date") and not self.errors:
            self.add_error("population_date", "人口を入力したときは、いつの人口かも入力してください。")
        row = values.get("tile_row")
        column = values.get("tile_column")
        if (row is None) != (column is None) and not self.errors:
            self.add_error(
                "tile_row" if row is None else "tile_column", "行と列は、両方を入力するか、両方を空欄にしてください。"
            )
        elif row and column:
            on_tile = Profile.objects.filter(
                fiscal_year=self.instance.fiscal_year,
                organization__prefecture=self.instance.organization.prefecture_id,
                tile_row=row,
                tile_column=column,
            ).exclude(organization=self.instance.organization)
            if other := on_tile.select_related("organization").first():
                self.add_error("tile_row", f"この位置には{other.organization}があります。")
        return values
