"""Groups of municipalities across the tree (協議会など)."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, ProtectedError, QuerySet
from django.urls import reverse

from dxportal.core.organizations.forms.groups import GroupForm
from dxportal.core.organizations.models import Group
from dxportal.core.organizations.views.organizations import ADMINS, LONGEST, READERS
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs
from dxportal.core.workflow.errors import NotPossible

HERE = (("組織", "organizations:list"), ("広域グループ", "organizations:group_list"))


class GroupList(ListPage):
    model = Group
    scope = "for_user"
    roles = READERS
    related = ("prefecture", "lead")
    heading = "広域グループ"
    template_name = "organizations/group_list.html"

    def queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related("members")

    def paged(self, rows: Any) -> Page[Any]:
        """All on one page: a prefecture has a handful."""
        return Paginator(list(rows), LONGEST).get_page(1)

    def crumbs(self) -> Crumbs:
        return crumbs(("組織", "organizations:list"), "広域グループ")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_edit=self.user.is_prefecture_admin, **kwargs)


class GroupFormPage(ActPage):
    """What making and changing a group share."""

    roles = ADMINS
    form_class = GroupForm
    template_name = "organizations/group_edit.html"
    button = "保存する"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "instance": self.instance()}

    def instance(self) -> Group:
        raise NotImplementedError

    def act(self, form: GroupForm) -> str:
        return f"広域グループ「{form.save().name}」を保存しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(*HERE, "編集")

    def get_success_url(self) -> str:
        return reverse("organizations:group_list")


class GroupCreate(GroupFormPage):
    once = True
    heading = "広域グループの追加"

    def instance(self) -> Group:
        return Group(prefecture=self.user.acting.organization)


class GroupEdit(ScopedObject, GroupFormPage):
    model = Group
    scope = "editable_by"
    name = "group"
    roles_first = True
    heading = "広域グループの変更"

    def instance(self) -> Group:
        return self.object


class GroupDelete(ScopedObject, ActPage):
    """Asks first; a group that a survey went to stays."""

    model = Group
    scope = "editable_by"
    name = "group"
    roles = ADMINS
    roles_first = True
    heading = "広域グループの削除"
    button = "グループを削除する"
    danger = True
    template_name = "organizations/group_delete.html"

    def queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(member_count=Count("members"))

    def act(self, form: None) -> str:
        try:
            self.object.delete()
        except ProtectedError as error:
            raise NotPossible(
                f"「{self.object}」は調査や会合で使われているため、削除できません。", code="protected"
            ) from error
        return f"広域グループ「{self.object}」を削除しました。"

    def crumbs(self) -> Crumbs:
        return crumbs(*HERE, "削除")

    def get_success_url(self) -> str:
        return reverse("organizations:group_list")
