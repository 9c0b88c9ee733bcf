"""同じ悩み: what other towns released, beside a topic and while one is typed."""

import json

import pytest
from django.urls import reverse

from consultations.enums import TopicState
from consultations.models import Topic
from dxportal.core.organizations.models import Profile
from tests.support.topics_released import a_released_topic

pytestmark = pytest.mark.django_db


def asked(client, user, text: str) -> list[str]:
    client.force_login(user)
    answer = client.get(reverse("portal:knowledge_alike"), {"q": text})
    return [topic["title"] for topic in json.loads(answer.content)["topics"]]


def test_released_topics_like_a_text_are_offered_towns_of_a_similar_size_first(client, cast):
    for town, people in ((cast.town, 8_000), (cast.neighbour, 60_000)):
        Profile.objects.create(organization=town, fiscal_year=2024, population=people)
    a_released_topic(cast.neighbour, "電子申請の職員研修")
    a_released_topic(cast.town, "電子申請の広げ方")
    a_released_topic(cast.other_town, "電子申請のひみつ")
    a_released_topic(cast.neighbour, "電子申請の保留", state=TopicState.HELD, released_at=None)

    assert asked(client, cast.officer, "電子申請") == ["電子申請の広げ方", "電子申請の職員研修"]
    assert asked(client, cast.neighbour_officer, "電子申請")[0] == "電子申請の職員研修"
    assert asked(client, cast.officer, "水族館") == asked(client, cast.officer, " ") == []


def test_a_topics_page_shows_the_others_and_not_itself(client, cast):
    own = a_released_topic(cast.town, "電子申請の広げ方", title="電子申請")
    a_released_topic(cast.neighbour, "電子申請の職員研修", title="となりの内々の題")
    client.force_login(cast.consultant)

    page = client.get(reverse("consultations:topic", args=[own.pk])).content.decode()
    assert "ほかの市町村の同じ悩み" in page
    assert "電子申請の職員研修" in page
    assert "となりの内々の題" not in page
    assert "電子申請の広げ方</a>" not in page

    Topic.objects.filter(organization=cast.neighbour).update(state=TopicState.WITHDRAWN)
    assert "同じ悩み" not in client.get(reverse("consultations:topic", args=[own.pk])).content.decode()
