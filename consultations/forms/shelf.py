"""Forms of the shelf: an item, a version, the moves, the filter of the list."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from consultations.domain.shelf.write import NOUN, ShelfContent, content_of
from consultations.enums import ShelfKind, ShelfState
from consultations.models import ShelfItem
from dxportal.core.files.attachments import MOST
from dxportal.core.files.file_types import LARGEST, MEGABYTE, TAKEN
from dxportal.core.files.forms import NOT_TAKEN, FilesField
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressForm, AddressText

FILES_HELP = f"{TAKEN}。1個{LARGEST // MEGABYTE}MB以内、{NOUN}に{MOST}個まで。{NOT_TAKEN}"


class ShelfForm(PortalForm):
    """An item. ``towns`` and ``groups``: whose agreement may be asked for; None for those who offer their own town's."""

    kind = forms.ChoiceField(label="種類", choices=ShelfKind.choices, widget=forms.RadioSelect)
    title = JpCharField(label="題名", limit=120)
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), required=False)
    description = JpCharField(
        label="説明",
        limit=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="何に、どう使うか。",
    )
    bodies = forms.ModelMultipleChoiceField(
        label="合意を求める団体",
        queryset=Organization.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選んだすべての団体が合意するまで、ほかの団体には公開しません。",
    )
    group = forms.ModelChoiceField(
        label="承認する会",
        queryset=Group.objects.none(),
        required=False,
        help_text="団体の合意の後に、この会の承認を記録してから公開します。",
    )
    files = FilesField(label="ファイル", most=MOST, help_text=FILES_HELP)  # type: ignore[assignment]
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        towns: QuerySet[Organization] | None,
        groups: QuerySet[Group] | None,
        with_files: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        if towns is None or groups is None:
            del self.fields["bodies"], self.fields["group"]
        else:
            choose_from(self, "bodies", towns)
            choose_from(self, "group", groups)
        if not with_files:
            del self.fields["files"]

    def content(self) -> ShelfContent:
        cleaned = self.cleaned_data
        return ShelfContent(
            kind=cleaned["kind"],
            title=cleaned["title"],
            description=cleaned["description"],
            area=cleaned["area"],
            group=cleaned.get("group"),
            bodies=frozenset(town.pk for town in cleaned.get("bodies", ())),
        )


def initial_of(item: ShelfItem) -> dict[str, Any]:
    content = content_of(item)
    values = {name: getattr(content, name) for name in ShelfContent.__slots__}
    return values | {"bodies": list(content.bodies), "revision": item.revision}


class ShelfVersionForm(PortalForm):
    files = FilesField(label="ファイル", most=MOST, help_text=FILES_HELP)  # type: ignore[assignment]
    note = JpCharField(label="変わったところ", limit=300, required=False)


class ShelfMoveForm(PortalForm):
    """The reason; and, for superseding, the item that takes the place."""

    reason = JpCharField(label="理由", required=False, limit=2000, widget=forms.Textarea(attrs={"rows": 3}))
    successor = forms.ModelChoiceField(label="差し替える先の資料", queryset=ShelfItem.objects.none())

    def __init__(self, *args: Any, successors: QuerySet[ShelfItem] | None, label: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        if successors is None:
            del self.fields["successor"]
        else:
            choose_from(self, "successor", successors)


class ShelfAddress(AddressForm):
    q = AddressText(label="題名・説明")
    kind = forms.ChoiceField(label="種類", choices=[("", "すべて"), *ShelfKind.choices])
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), empty_label="すべて")
    state = forms.ChoiceField(label="状態", choices=[("", "すべて"), *ShelfState.choices])
