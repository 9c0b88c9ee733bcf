"""知見を探す: cases and released topics by one box, and nothing of what others keep to themselves."""

import json
import re

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from casestudies.enums import Audience, CaseState
from consultations.domain.topics import index, moves
from consultations.enums import RemarkKind, TopicAudience, TopicState
from consultations.models import Topic, TopicIndex
from dxportal.core.accounts.models import Membership
from dxportal.core.organizations.models import Profile
from dxportal.core.workflow.moves import moving
from tests.support.cases import a_case, an_area
from tests.support.consultations import a_session, hold, write_memo
from tests.support.queries import assert_same_queries
from tests.support.topics_released import a_released_topic

pytestmark = pytest.mark.django_db


def show(client, user, **query) -> str:
    client.force_login(user)
    response = client.get(reverse("portal:knowledge"), query)
    assert response.status_code == 200
    return response.content.decode()


def listed(page: str) -> list[str]:
    """Titles as listed, without marks."""
    titles = re.findall(r'<h3 class="case-title"[^>]*>(.*?)</h3>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", title).strip() for title in titles]


def count_of(page: str, facet: str) -> str:
    """What stands beside a facet's value; "" where it is not offered."""
    match = re.search(rf'id="facet-{facet}"(?:(?!</label>).)*facet-count">(\d+)<', page, re.DOTALL)
    return match[1] if match else ""


def offered(client, user, text: str) -> dict:
    client.force_login(user)
    return json.loads(client.get(reverse("portal:knowledge_json"), {"q": text, "suggest": "1"}).content)


@pytest.fixture
def world(cast):
    for town, people in ((cast.town, 8_000), (cast.neighbour, 60_000)):
        Profile.objects.create(organization=town, fiscal_year=2024, population=people)
    a_case("窓口の予約をオンラインに", "町が窓口の予約を移した。", source_id="t-case", year=2020, areas=("training",),
           places=[("岩手県", "紫波町", "town", 32_000)])  # fmt: skip
    a_released_topic(
        cast.neighbour,
        "窓口の予約システムの選び方",
        "窓口の予約システムを三つ試し、電話の件数が半分になりました。",
        area=an_area("online_procedures"),
        remarks=((RemarkKind.KNOW_HOW, "見積りは三社から"),),
    )
    a_released_topic(cast.town, "職員研修の進め方", area=an_area("training"))
    return cast


def test_one_box_finds_cases_and_topics_by_the_same_engine(client, world):
    page = show(client, world.officer, q="窓口の予約")

    assert set(listed(page)) == {"窓口の予約をオンラインに", "窓口の予約システムの選び方"}
    assert "<mark>窓口の予約</mark>システムを三つ試し" in page or "<mark>窓口</mark>の<mark>予約</mark>" in page
    assert (count_of(page, "kind-case"), count_of(page, "kind-topic")) == ("1", "1")
    assert count_of(page, "know_how") == "1"
    everything = show(client, world.officer)
    assert [count_of(everything, f"bureau-{bureau.pk}") for bureau in (world.bureau, world.far_bureau)] == ["1", "1"]
    assert listed(show(client, world.officer, q="窓口の予約", kind="topic")) == ["窓口の予約システムの選び方"]
    assert listed(show(client, world.officer, q="ゆうひ町")) == ["窓口の予約システムの選び方"]
    assert listed(show(client, world.officer, know_how="1")) == ["窓口の予約システムの選び方"]
    assert listed(show(client, world.officer, area="training", kind="topic")) == ["職員研修の進め方"]
    # A slip that only a topic's words can put right.
    assert listed(show(client, world.officer, q="予約システモ"))[0] == "窓口の予約システムの選び方"


def test_topics_of_towns_of_a_similar_size_come_first_where_that_is_asked_for(client, world):
    near = listed(show(client, world.officer, sort="nearest"))

    assert near == ["職員研修の進め方", "窓口の予約をオンラインに", "窓口の予約システムの選び方"]
    assert listed(show(client, world.neighbour_officer, sort="nearest"))[0] == "窓口の予約システムの選び方"


def test_where_nothing_is_found_the_page_says_what_else_to_try(client, world):
    page = show(client, world.officer, q="窓口 水族館", kind="topic", area="training")

    assert "当てはまる知見はありません" in page
    assert "の条件を外す" in page
    assert reverse("portal:knowledge") in page


def test_every_door_is_shut_to_what_is_not_released_to_the_person(client, world):
    kept = {"remarks": ((RemarkKind.KNOW_HOW, "ヒミツノート"),)}
    place = {"area": an_area("digital_divide")}
    for state in (TopicState.NOTED, TopicState.HELD, TopicState.OBJECTED, TopicState.WITHDRAWN):
        a_released_topic(world.neighbour, "ヒミツノート", state=state, released_at=None, **kept, **place)
    a_released_topic(world.neighbour, "ヒミツノート", state="noted", audience=TopicAudience.HERE, **place)
    a_released_topic(world.other_town, "ヒミツノート", **kept, **place)
    inside = {"audience": Audience.PREFECTURE, "prefecture": world.other_pref}
    a_case("ヒミツノート", source_id="t-far", areas=("digital_divide",), **inside)
    a_case("ヒミツノート", source_id="t-draft", state=CaseState.DRAFT, published_at=None, areas=("digital_divide",))

    page = show(client, world.officer, q="ヒミツノート")
    assert "当てはまる知見はありません" in page
    assert count_of(show(client, world.officer), "area-digital_divide") == ""
    # Neither offered, nor known as the right spelling of another word.
    assert offered(client, world.officer, "ヒミツ") == {"count": 0, "suggestions": []}
    assert offered(client, world.officer, "デジタルデバイド")["suggestions"] == []
    assert "として検索しました" not in show(client, world.officer, q="ヒミツノード")
    assert listed(show(client, world.stranger_staff, kind="topic")) == ["ヒミツノート"]


def test_texts_for_those_present_are_in_no_index(client, world):
    session = a_session(world.consultant, world.town)
    session = hold(session, world.consultant, decisions="ザクロの決定", requests="ザクロの要望")
    write_memo(session, "ザクロの所見", world.consultant)
    topic = a_released_topic(
        world.town,
        "公開の題",
        "公開の要約です。",
        session=session,
        title="ザクロの論点",
        outcome="ザクロの結果",
        raised_by="ザクロ課長",
        remarks=[(kind, "ザクロの発言") for kind in RemarkKind.values],
    )

    assert "ザクロ" not in str(TopicIndex.objects.filter(topic=topic).values())
    # Even those who may read all of it do not find it here.
    for user in (world.officer, world.consultant, world.admin, world.office):
        page = show(client, user, q="ザクロ")
        assert "当てはまる知見はありません" in page
        assert offered(client, user, "ザクロ") == {"count": 0, "suggestions": []}
        assert "ザクロ" not in show(client, user, q="公開の要約")


def test_a_topic_that_is_withdrawn_is_gone_at_once_and_comes_back_with_its_new_summary(client, world):
    topic = Topic.objects.get(summary_title="窓口の予約システムの選び方")
    mine = Topic.objects.editable_by(world.admin)
    with moving(moves.TOPICS, mine, topic.pk, "withdraw", user=world.admin, reason="内容を確かめるため"):
        pass

    assert listed(show(client, world.officer, q="窓口の予約")) == ["窓口の予約をオンラインに"]
    assert "窓口の予約システム" not in json.dumps(offered(client, world.officer, "窓口の予約"), ensure_ascii=False)
    assert not TopicIndex.objects.filter(topic=topic).exists()

    Topic.objects.filter(pk=topic.pk).update(summary_title="予約の道具", summary="道具を選びました。", state="released")
    index.write([topic.pk])
    assert listed(show(client, world.officer, q="道具")) == ["予約の道具"]


def test_whoever_works_nowhere_any_more_finds_nothing(client, world):
    Membership.objects.filter(user=world.officer).update(last_day=timezone.localdate() - timezone.timedelta(days=1))
    client.force_login(world.officer)

    for name in ("knowledge", "knowledge_json"):
        assert client.get(reverse(f"portal:{name}"), {"q": "窓口"}).status_code == 403


def test_no_topic_is_committed_released_with_an_index_of_another_summary(world):
    Topic.objects.filter(summary_title="職員研修の進め方").update(summary="別の要約")

    with pytest.raises(DatabaseError, match="no index row"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_a_row_is_made_from_brings_it_up_to_date(client, world):
    world.neighbour.name = "あけぼの町"
    world.neighbour.parent = world.bureau
    world.neighbour.save()
    Topic.objects.get(summary_title="窓口の予約システムの選び方").remarks.all()[0].delete()

    page = show(client, world.officer, q="あけぼの町")
    assert listed(page) == ["窓口の予約システムの選び方"]
    assert count_of(page, "know_how") == "0"
    moved = show(client, world.officer, bureau=world.bureau.pk)
    assert set(listed(moved)) == {"窓口の予約システムの選び方", "職員研修の進め方"}

    stored = list(TopicIndex.objects.order_by("pk").values())
    assert index.rebuild() == 2
    assert list(TopicIndex.objects.order_by("pk").values()) == stored


def test_the_page_costs_the_same_for_few_and_for_many(client, world):
    def add(number: int) -> None:
        a_released_topic(world.neighbour, f"窓口の工夫{number}", remarks=((RemarkKind.KNOW_HOW, "工夫"),))
        a_case(f"窓口の事例{number}", places=[("岩手県", f"第{number}町", "town", 9_000)])

    assert_same_queries(lambda: show(client, world.officer, q="窓口"), add)
