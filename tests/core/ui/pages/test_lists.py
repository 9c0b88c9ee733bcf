"""A list: in scope, filtered and sorted by the address, a page at a time, as a file; and at the same cost for many."""

import io

import openpyxl
import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import RequestFactory

from dxportal.core.accounts.enums import Role
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.models import Group
from dxportal.core.ui.pages import AddressForm, AddressText, ListPage, ScopedObject
from tests.support.queries import assert_same_queries

pytestmark = pytest.mark.django_db


class GroupFilter(AddressForm):
    words = AddressText()
    note = forms.ChoiceField(choices=[("", "すべて"), ("a", "A")])


class GroupsPage(ListPage):
    model, scope, related, template_name = Group, "for_user", ("prefecture",), "ui/act.html"
    address_class, heading, per_page = GroupFilter, "グループ", 2
    sorts, default_sort = {"title": "name", "age": "pk"}, "title"

    def filtered(self, rows):
        return rows.filter(name__contains=self.filters.words) if self.filters.words else rows

    def sheets(self, rows):
        return [Sheet("グループ", ("名称",), [[row.name] for row in rows])]


class GroupsFile(GroupsPage):
    file_only = True


@pytest.fixture
def groups(cast):
    Group.objects.create(prefecture=cast.other_pref, name="よその会")
    return [Group.objects.create(prefecture=cast.pref, name=f"会{number}") for number in (2, 1, 3)]


def call(view, user, address=""):
    request = RequestFactory().get(f"/?{address}")
    request.user = user
    return view.as_view()(request)


def names(answer):
    return [row.name for row in answer.context_data["rows"]]


def test_only_rows_in_scope_in_their_order_a_page_at_a_time(cast, groups):
    assert names(call(GroupsPage, cast.staff)) == ["会1", "会2"]
    assert names(call(GroupsPage, cast.staff, "page=2")) == ["会3"]
    assert names(call(GroupsPage, cast.staff, "page=99")) == ["会3"]
    assert names(call(GroupsPage, cast.staff, "page=nowhere&sort=-age")) == ["会3", "会1"]


def test_the_address_filters_and_is_told_in_one_form(cast, groups):
    answer = call(GroupsPage, cast.staff, "sort=-title&words=%E4%BC%9A3&page=1&note=x")

    assert names(answer) == ["会3"]
    assert (answer.context_data["found"], answer.context_data["narrowed"]) == (1, True)
    assert answer.context_data["query"] == "words=%E4%BC%9A3&sort=-title"


def test_an_empty_list_knows_why(cast, groups):
    assert call(GroupsPage, cast.staff, "words=zzz").context_data["narrowed"] is True
    assert call(GroupsPage, cast.nobody).context_data["narrowed"] is False


@pytest.mark.parametrize(
    "address", ["sort=password", "sort=-&page=-1", "words=%00&sort=%00&page=%00", "page=" + "9" * 400]
)
def test_no_address_breaks_it(cast, groups, address):
    assert names(call(GroupsPage, cast.staff, address)) is not None


def test_as_a_file(cast, groups):
    book = openpyxl.load_workbook(io.BytesIO(call(GroupsPage, cast.staff, "format=xlsx&page=2").content))

    assert [cell.value for (cell,) in book["グループ"].rows] == ["名称", "会1", "会2", "会3"]
    assert call(GroupsPage, cast.staff, "format=csv&words=1").content.decode("utf-8-sig") == "名称\r\n会1\r\n"
    assert call(GroupsPage, cast.staff, "format=csv-sjis&words=1").content.decode("cp932") == "名称\r\n会1\r\n"
    assert call(GroupsPage, cast.staff, "format=pdf").context_data["found"] == 3
    assert call(GroupsFile, cast.staff, "format=pdf").headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_other_roles_are_refused(cast, groups):
    class Page(GroupsPage):
        roles = frozenset({Role.PREFECTURE_ADMIN})

    with pytest.raises(PermissionDenied):
        call(Page, cast.staff)


def test_rows_must_be_declared(cast, groups):
    class NoScope(GroupsPage):
        scope = ""

    class AboutAnObject(ScopedObject, ListPage):
        model, scope = Group, "for_user"

    with pytest.raises(ImproperlyConfigured):
        call(NoScope, cast.staff)
    request = RequestFactory().get("/")
    request.user = cast.staff
    with pytest.raises(ImproperlyConfigured):
        AboutAnObject.as_view()(request, pk=groups[0].pk)


def test_three_rows_cost_what_one_costs(cast):
    def visit():
        page = call(GroupsPage, cast.staff)
        return [str(row.prefecture) for row in page.context_data["rows"]]

    assert_same_queries(visit, lambda number: Group.objects.create(prefecture=cast.pref, name=f"会{number}"))
