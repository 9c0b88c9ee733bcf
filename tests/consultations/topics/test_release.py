"""The path of a topic to the other towns: prefilled, shown, objected to, released by the clock, withdrawn from everywhere."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from consultations.domain.topics import moves
from consultations.domain.topics.sharing import release, rules
from consultations.models import Topic
from consultations.tasks import release_topics
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.support.consultations import (
    a_session,
    a_topic,
    a_topic_file,
    day,
    get,
    hold,
    post,
    released,
    shown,
    write_memo,
)
from tests.support.reading import words

pytestmark = pytest.mark.django_db


def test_the_summary_begins_with_what_was_said_and_names_nobody(client, cast):
    session = hold(a_session(cast.staff, cast.town, due=-1), cast.staff)
    write_memo(session, "極秘のメモ", cast.staff)
    said = {"trouble": "町 担当が一人で抱えている", "know_how": "佐藤さんが台帳を作った"}
    topic = a_topic(cast.town, cast.staff, "町 担当の悩み", session=session, outcome="続ける", **said)

    page = get(client, cast.office, "topic_show", topic.pk)

    form = page.context["form"]
    assert form["summary"].value() == "悩み：担当者が一人で抱えている\nノウハウ：担当者が台帳を作った\n結果：続ける"
    assert form["title"].value() == "担当者の悩み"
    assert page.context["dropped"] == ("町 担当", "佐藤さん")
    assert "極秘" not in words(page)


def test_a_town_is_shown_what_others_will_read_and_objects_by_name_of_the_reason(client, cast):
    topic = a_topic(cast.town, cast.staff, trouble="人手が足りない")
    with TestCase.captureOnCommitCallbacks(execute=True):
        post(client, cast.office, "topic_show", topic.pk, title="題", summary="要約", revision=topic.revision)
    topic.refresh_from_db()
    assert (topic.state, topic.release_day) == ("shown", day(7))
    assert {each.to[0] for each in mail.outbox} == {cast.officer.email, cast.approver.email}
    assert "要約" in mail.outbox[0].body
    mail.outbox.clear()

    assert "理由" in words(post(client, cast.officer, "topic_object", topic.pk, reason=""))
    with TestCase.captureOnCommitCallbacks(execute=True):
        post(client, cast.officer, "topic_object", topic.pk, reason="町の名が分かる")

    topic.refresh_from_db()
    assert topic.state == "objected"
    assert {each.to[0] for each in mail.outbox} == {cast.office.email, cast.consultant.email}
    assert "町の名が分かる" in words(get(client, cast.office, "topic", topic.pk))
    # Nobody else decides: neither the town's reader, nor the neighbour, nor a bureau.
    for user in (cast.viewer, cast.neighbour_officer, cast.bureau_staff, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            moves.make_move(topic.pk, "hold", user=user, reason="取る")


def test_the_clock_releases_what_nobody_objected_to_once_its_days_are_over(client, cast):
    rules.set_rules(days=3, contact_days=5, user=cast.office)
    topic = shown(a_topic(cast.town, cast.staff), cast.office)
    objected = shown(a_topic(cast.town, cast.staff, "別の論点"), cast.office)
    moves.make_move(objected.pk, "object", user=cast.officer, reason="出さない")
    assert topic.release_day == day(3)

    assert release.release_all(day(2)) == 0
    assert get(client, cast.neighbour_officer, "topic_released", topic.pk).status_code == 404
    with pytest.raises(NotPossible):
        moves.release(topic.pk)  # a day too early by the clock of the day itself
    Topic.objects.filter(pk=topic.pk).update(release_day=timezone.localdate())
    release_topics()
    release_topics()

    assert list(Topic.objects.filter(state="released")) == [topic]
    assert topic.transitions.filter(move="release", by=None).count() == 1
    assert get(client, cast.neighbour_officer, "topic_released", topic.pk).status_code == 200
    assert get(client, cast.stranger_staff, "topic_released", topic.pk).status_code == 404


def test_a_town_changes_what_others_read_and_agrees_at_once_unless_somebody_was_faster(client, cast):
    topic = shown(a_topic(cast.town, cast.staff), cast.office)
    moves.make_move(topic.pk, "revise", user=cast.office)
    topic.refresh_from_db()
    topic = moves.show(
        topic.pk, title="新しい題", summary="新しい文", day=day(7), user=cast.office, revision=topic.revision
    )
    stale = post(client, cast.officer, "topic_agree", topic.pk, title="町の題", summary="町の文", revision=1)
    assert stale.status_code == 409
    assert "新しい文" in stale.content.decode()
    with pytest.raises(Overtaken):
        moves.agree(topic.pk, title="町の題", summary="町の文", user=cast.officer, revision=1)

    post(client, cast.officer, "topic_agree", topic.pk, title="町の題", summary="町の文", revision=topic.revision)

    assert "町の文" in words(get(client, cast.neighbour_officer, "topic_released", topic.pk))


def test_what_is_for_those_present_alone_is_never_shown(cast):
    topic = a_topic(cast.town, cast.staff, audience="here")

    with pytest.raises(NotPossible):
        shown(topic, cast.office)
    assert "show" not in moves.possible_moves(topic, cast.office)


def test_other_towns_read_the_summary_alone_and_nothing_of_a_withdrawn_one_at_any_door(client, cast):
    session = hold(a_session(cast.staff, cast.town, due=-1), cast.staff)
    topic = a_topic(cast.town, cast.staff, "内輪の題", session=session, trouble="内輪の発言", outcome="内輪の結果")
    file = a_topic_file(topic, "内輪の資料.pdf")
    topic = released(topic, cast.office, "公開の題", "公開の文")
    neighbour = cast.neighbour_officer

    def doors() -> str:
        pages = [get(client, neighbour, "topics_released"), get(client, neighbour, "topics")]
        files = [get(client, neighbour, name, format="csv") for name in ("topics_released", "topics")]
        pages += [get(client, neighbour, "topics_released", q="公開", organization=cast.town.pk)]
        pages += [client.get(reverse("portal:home"))]
        one = get(client, neighbour, "topic_released", topic.pk)
        return "".join(each.content.decode("utf-8", "replace") for each in (*pages, *files, one))

    before = doors()
    assert "公開の題" in before
    assert "公開の文" in before
    assert "内輪" not in before
    for name, *args in (("topic", topic.pk), ("topic_file", topic.pk, file.pk), ("topic_remark", topic.pk)):
        assert get(client, neighbour, name, *args).status_code == 404

    with TestCase.captureOnCommitCallbacks(execute=True):
        moves.make_move(topic.pk, "withdraw", user=cast.officer, reason="事情が変わった")

    after = doors()
    assert "公開の題" not in after
    assert "公開の文" not in after
    assert get(client, neighbour, "topic_released", topic.pk).status_code == 404
    assert release.release_all(day(400)) == 0
    assert all("公開の文" not in each.body for each in mail.outbox)


def test_a_collection_of_a_town_is_a_page_and_a_workbook(client, cast):
    released(a_topic(cast.town, cast.staff), cast.office, "町の題")
    released(a_topic(cast.neighbour, cast.staff), cast.office, "隣の題")

    page = get(client, cast.pref_viewer, "topics_released", organization=cast.town.pk)

    assert [topic.summary_title for topic in page.context["rows"]] == ["町の題"]
    file = get(client, cast.pref_viewer, "topics_released", organization=cast.town.pk, format="xlsx")
    assert "%E3%81%82%E3%81%95%E3%81%B2%E7%94%BA" in file["Content-Disposition"]
    assert release.due(dt.date(2100, 1, 1)) == []
