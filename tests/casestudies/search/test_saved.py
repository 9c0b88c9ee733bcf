import pytest
from django.urls import reverse

from casestudies.domain.search import saved
from casestudies.models import SavedSearch

pytestmark = pytest.mark.django_db
LIST = "/cases/saved/"


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.officer)
    return cast.officer


def names(user) -> list[tuple[str, str]]:
    return list(SavedSearch.objects.for_user(user).values_list("name", "query"))


def test_a_search_is_kept_under_its_one_address(client, officer):
    answer = client.post(
        LIST, {"name": "  窓口の改革 ", "query": "page=3&step=2&q=%E7%AA%93%E5%8F%A3&step=0&unknown=1"}
    )

    assert names(officer) == [("窓口の改革", "q=%E7%AA%93%E5%8F%A3&step=0&step=2")]
    assert answer.url == "/cases/?q=%E7%AA%93%E5%8F%A3&step=0&step=2"


def test_a_name_that_is_used_asks_before_it_replaces(client, officer):
    saved.keep(officer, "窓口", "q=a")

    confirmation = client.post(LIST, {"name": "窓口", "query": "q=b"})
    assert "同じ名前の検索があります" in confirmation.content.decode()
    assert names(officer) == [("窓口", "q=a")]

    client.post(LIST, {"name": "窓口", "query": "q=b", "replace": "on"})
    assert names(officer) == [("窓口", "q=b")]


def test_the_same_search_under_the_same_name_needs_no_question(client, officer):
    saved.keep(officer, "窓口", "q=a")

    assert client.post(LIST, {"name": "窓口", "query": "q=a"}).status_code == 302
    assert names(officer) == [("窓口", "q=a")]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "", "query": "q=a"}, "この項目は入力が必須です。"),
        ({"name": "あ" * 81, "query": "q=a"}, "80文字以内"),
        ({"name": "窓口", "query": ""}, "検索のことばか絞り込みの条件"),
        ({"name": "窓口", "query": "page=2&sort=newest"}, "検索のことばか絞り込みの条件"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(client, officer, values, message):
    answer = client.post(LIST, values)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert f'value="{values["name"]}"' in answer.content.decode() or not values["name"]
    assert names(officer) == []


def test_the_fifty_first_search_is_refused(client, officer):
    SavedSearch.objects.bulk_create(SavedSearch(user=officer, name=f"検索{n}", query="q=a") for n in range(saved.MOST))

    answer = client.post(LIST, {"name": "もう一つ", "query": "q=b"})

    assert "50件まで" in answer.content.decode()
    assert len(names(officer)) == saved.MOST


def test_the_list_shows_only_the_persons_own(client, officer, cast):
    mine = saved.keep(officer, "自分の検索", "q=%E7%AA%93%E5%8F%A3&cost=1&step=2")
    saved.keep(cast.approver, "上司の検索", "q=secret")

    page = client.get(LIST).content.decode()

    assert 'href="/cases/?q=%E7%AA%93%E5%8F%A3&amp;cost=1&amp;step=2"' in page
    assert "自分の検索" in page
    assert "上司の検索" not in page
    assert reverse("casestudies:saved_delete", args=(mine.pk,)) in page


def test_a_search_gets_another_name(client, officer):
    mine = saved.keep(officer, "窓口", "q=a")
    saved.keep(officer, "別の検索", "q=b")
    address = reverse("casestudies:saved_rename", args=(mine.pk,))

    refused = client.post(address, {"name": "別の検索"})
    assert "すでにあります" in refused.content.decode()

    client.post(address, {"name": "窓口の改革"})
    assert names(officer) == [("別の検索", "q=b"), ("窓口の改革", "q=a")]


def test_a_search_is_removed_only_after_the_question(client, officer):
    mine = saved.keep(officer, "窓口", "q=a")
    address = reverse("casestudies:saved_delete", args=(mine.pk,))

    assert "「窓口」を削除します" in client.get(address).content.decode()
    assert len(names(officer)) == 1

    client.post(address)
    assert names(officer) == []


def test_another_persons_search_is_not_there(client, officer, cast):
    other = saved.keep(cast.approver, "上司の検索", "q=secret")

    for name, values in (("saved_rename", {"name": "x"}), ("saved_delete", {})):
        assert client.post(reverse(f"casestudies:{name}", args=(other.pk,)), values).status_code == 404

    assert names(cast.approver) == [("上司の検索", "q=secret")]
