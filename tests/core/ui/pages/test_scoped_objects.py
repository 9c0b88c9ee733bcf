"""From an address to an object: strangers find nothing, colleagues without the right are refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.views.generic import TemplateView, View

from dxportal.core.accounts.enums import PREFECTURE_ROLES, Role
from dxportal.core.organizations.models import Group
from dxportal.core.ui.pages import ForRoles, ObjectPart, ScopedObject, crumbs, scoped

pytestmark = pytest.mark.django_db


class GroupPage(ScopedObject, View):
    model, scope, name = Group, "for_user", "group"

    def get(self, request, **kwargs):
        return HttpResponse(self.group.name)

    post = get


class GroupChange(GroupPage):
    scope = "editable_by"


class GroupForAdmins(GroupPage):
    roles = frozenset({Role.PREFECTURE_ADMIN})


class GroupForAdminsOnly(GroupForAdmins):
    roles_first = True


class GroupReadByMany(GroupPage):
    write_scope = "editable_by"


class GroupByName(GroupPage):
    key, field = "title", "name"


class MemberOfGroup(GroupPage):
    part = ObjectPart("members", "town", key="code", field="code")

    def get(self, request, **kwargs):
        return HttpResponse(f"{self.group.name}の{self.town.name}")


class GroupInTemplate(ScopedObject, TemplateView):
    model, scope, name, template_name = Group, "for_user", "group", "ui/act.html"
    part = ObjectPart("members", "town", key="code", field="code")


class Undeclared(ScopedObject, View):
    model = Group


@pytest.fixture
def group(cast):
    group = Group.objects.create(prefecture=cast.pref, name="紀南協議会")
    group.members.add(cast.town)
    return group


def call(view, user, method="get", **kwargs):
    request = getattr(RequestFactory(), method)("/")
    request.user = user
    return view.as_view()(request, **kwargs)


def test_who_may_see_it_gets_it(cast, group):
    assert call(GroupPage, cast.viewer, pk=group.pk).content.decode() == "紀南協議会"


def test_a_stranger_finds_nothing(cast, group):
    for view in (GroupPage, GroupChange, GroupForAdmins, GroupReadByMany):
        with pytest.raises(Http404):
            call(view, cast.stranger_staff, pk=group.pk)


def test_a_colleague_without_the_right_is_refused(cast, group):
    with pytest.raises(PermissionDenied):
        call(GroupChange, cast.viewer, pk=group.pk)
    assert call(GroupChange, cast.admin, pk=group.pk).status_code == 200


def test_a_colleague_of_another_role_is_refused(cast, group):
    with pytest.raises(PermissionDenied):
        call(GroupForAdmins, cast.staff, pk=group.pk)
    assert call(GroupForAdmins, cast.admin, pk=group.pk).status_code == 200


def test_roles_may_be_asked_for_before_anything_is_fetched(cast, group):
    with pytest.raises(PermissionDenied):
        call(GroupForAdminsOnly, cast.staff, pk=group.pk + 1000)
    with pytest.raises(Http404):
        call(GroupForAdmins, cast.staff, pk=group.pk + 1000)


def test_writing_may_need_more_than_reading(cast, group):
    assert call(GroupReadByMany, cast.viewer, pk=group.pk).status_code == 200
    with pytest.raises(PermissionDenied):
        call(GroupReadByMany, cast.viewer, "post", pk=group.pk)
    assert call(GroupReadByMany, cast.admin, "post", pk=group.pk).status_code == 200


def test_the_address_may_hold_another_key(cast, group):
    assert call(GroupByName, cast.viewer, title="紀南協議会").content.decode() == "紀南協議会"


def test_a_part_comes_out_of_the_object_it_hangs_on(cast, group):
    page = call(MemberOfGroup, cast.viewer, pk=group.pk, code=cast.town.code)

    assert page.content.decode() == f"紀南協議会の{cast.town.name}"
    with pytest.raises(Http404):
        call(MemberOfGroup, cast.viewer, pk=group.pk, code="999999")


def test_the_page_knows_both_by_their_names(cast, group):
    context = call(GroupInTemplate, cast.viewer, pk=group.pk, code=cast.town.code).context_data

    assert (context["group"], context["object"], context["town"]) == (group, group, cast.town)


def test_a_scope_must_be_declared(cast, group):
    with pytest.raises(ImproperlyConfigured):
        call(Undeclared, cast.admin, pk=group.pk)


def test_a_page_without_an_object_may_be_for_some_roles(cast):
    class Page(ForRoles, View):
        roles = PREFECTURE_ROLES

        def get(self, request):
            return HttpResponse()

    with pytest.raises(PermissionDenied):
        call(Page, cast.viewer)
    assert call(Page, cast.staff).status_code == 200


@scoped(Group, "editable_by", roles=PREFECTURE_ROLES)
def rename(request, group, title):
    """Renames."""
    return HttpResponse(f"{group.name}→{title}")


def test_a_function_is_called_with_the_object(cast, group):
    request = RequestFactory().post("/")
    request.user = cast.admin

    assert rename(request, pk=group.pk, title="新").content.decode() == "紀南協議会→新"
    assert rename.fetches == "Group.editable_by"
    for user, refusal in ((cast.stranger_staff, Http404), (cast.viewer, PermissionDenied)):
        request.user = user
        with pytest.raises(refusal):
            rename(request, pk=group.pk, title="新")


def test_crumbs_lead_from_home_to_the_page():
    trail = crumbs(
        ("広域グループ", "organizations:group_list"), ("組織", "organizations:detail", 7), ("先", "?a=1"), "ここ"
    )

    assert trail == [
        ("ホーム", "/"),
        ("広域グループ", "/groups/"),
        ("組織", "/organizations/7/"),
        ("先", "?a=1"),
        ("ここ", None),
    ]
