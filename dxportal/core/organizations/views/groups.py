"""Groups of municipalities across the tree (協議会など)."""

from itertools import groupby

from django.contrib import messages
from django.db.models import Count, ProtectedError, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import CreateView, DeleteView, ListView, UpdateView

from dxportal.core.accounts.views.mixins import RoleRequiredMixin, ScopedMixin
from dxportal.core.organizations.forms import GroupForm
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.organizations.views.organizations import ADMINS, READERS


class GroupList(RoleRequiredMixin, ScopedMixin, ListView):
    model, scope, roles = Group, "for_user", READERS
    template_name = "organizations/group_list.html"

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("prefecture").prefetch_related("members")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_edit=self.request.user.is_prefecture_admin, **kwargs)


class GroupFormView(RoleRequiredMixin):
    """What making and changing a group share."""

    model, roles, form_class = Group, ADMINS, GroupForm
    template_name = "organizations/group_edit.html"
    success_url = reverse_lazy("organizations:group_list")

    def get_form_kwargs(self):
        places = Organization.objects.editable_by(self.request.user).municipalities().select_related("parent")
        ordered = places.order_by("parent__sort_order", "parent", "sort_order", "code")
        return super().get_form_kwargs() | {"places": ordered}

    def get_context_data(self, **kwargs):
        form = kwargs.get("form") or self.get_form()
        chosen, places = form.chosen_ids, form.fields["members"].queryset
        groups = [
            (parent, [(one, one.pk in chosen) for one in found])
            for parent, found in groupby(places, key=lambda one: one.parent.name)
        ]
        return super().get_context_data(**(kwargs | {"form": form, "groups": groups}))

    def form_valid(self, form) -> HttpResponse:
        messages.success(self.request, f"広域グループ「{form.instance.name}」を保存しました。")
        return super().form_valid(form)


class GroupCreate(GroupFormView, CreateView):
    def get_form_kwargs(self):
        instance = Group(prefecture=self.request.user.acting.organization)
        return super().get_form_kwargs() | {"instance": instance}


class GroupEdit(ScopedMixin, GroupFormView, UpdateView):
    scope = "editable_by"


class GroupDelete(RoleRequiredMixin, ScopedMixin, DeleteView):
    """Asks first; a group that a survey went to stays."""

    model, scope, roles = Group, "editable_by", ADMINS
    template_name = "organizations/group_delete.html"
    success_url = reverse_lazy("organizations:group_list")

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().annotate(member_count=Count("members"))

    def form_valid(self, form) -> HttpResponse:
        try:
            self.object.delete()
        except ProtectedError:
            messages.error(self.request, f"「{self.object}」は調査で使われているため、削除できません。")
        else:
            messages.success(self.request, f"広域グループ「{self.object}」を削除しました。")
        return redirect(self.success_url)
