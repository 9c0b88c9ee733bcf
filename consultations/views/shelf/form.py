"""Writing an item of the shelf, and adding a version."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from consultations.domain.shelf import write
from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES
from consultations.forms.shelf import ShelfForm, ShelfVersionForm, initial_of
from consultations.models import ShelfItem
from consultations.views.shelf.base import TOP, ShelfPage
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class ShelfFormPage(ActPage):
    form_class = ShelfForm
    with_files = False

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose agreement may be asked for, the supporting side alone chooses."""
        if self.user.role not in SUPPORTING_ROLES:
            return {"towns": None, "groups": None, "with_files": self.with_files}
        prefecture = self.user.acting.organization.prefecture_id
        towns = Organization.objects.municipalities().living(timezone.localdate()).filter(prefecture=prefecture)
        return {
            "towns": towns.order_by("sort_order", "code", "pk"),
            "groups": Group.objects.filter(prefecture=prefecture),
            "with_files": self.with_files,
        }


class ShelfCreate(ShelfFormPage):
    once = True
    roles = ACTING_ROLES
    heading = "ひな形・手引きを登録する"
    button = "登録する"
    with_files = True
    saved: ShelfItem

    def act(self, form: ShelfForm) -> str:
        self.saved = write.create(form.content(), user=self.user, files=form.cleaned_data["files"])
        return f"「{self.saved}」を登録しました。まだほかの団体には見えません。"

    def get_success_url(self) -> str:
        return reverse("consultations:shelf_item", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("consultations:shelf")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, "新しい資料")


class ShelfEdit(ShelfPage, ShelfFormPage):
    """A stale save shows what is stored beside what was typed."""

    scope = "editable_by"
    template_name = "consultations/shelf/form.html"
    heading = "資料の内容を変更する"
    button = "保存する"
    here = "変更"

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.item)

    def not_now(self) -> str:
        return "" if self.item.state == "draft" else f"この資料は現在「{self.item.get_state_display()}」です。"

    def act(self, form: ShelfForm) -> str:
        revision = form.cleaned_data.get("revision") or 0
        item = write.change(self.item.pk, form.content(), user=self.user, revision=revision)
        return f"「{item}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:shelf_item", args=[self.item.pk])


class ShelfVersionAdd(ShelfPage, ActPage):
    scope = "editable_by"
    form_class = ShelfVersionForm
    heading = here = "新しい版を登録する"
    button = "登録する"
    once = True

    def act(self, form: ShelfVersionForm) -> str:
        files = form.cleaned_data["files"]
        version = write.add_version(self.item.pk, files, form.cleaned_data["note"], user=self.user)
        return f"第{version.number}版を登録しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:shelf_item", args=[self.item.pk])
