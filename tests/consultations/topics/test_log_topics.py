"""Topics in the log of a session: proposed before, one by one in the form, each text saved as it is typed."""

import pytest

from consultations.models import Topic
from dxportal.core.workflow.texts import mark
from tests.support.cases import an_area
from tests.support.consultations import a_session, a_topic, get, log_fields, post
from tests.support.reading import words

pytestmark = pytest.mark.django_db


def drawn(page) -> dict[str, object]:
    """What the form would send as it was drawn, its topics too."""
    data: dict[str, object] = dict(log_fields(page))
    rows = page.context["form"].topics
    data["topics-TOTAL_FORMS"] = str(len(rows.forms))
    for row in rows.forms:
        for name in row.fields:
            value = row[name].value()
            if value not in (None, False):
                data[row.add_prefix(name)] = str(value)
    return data


def save(client, user, session, data):
    return post(client, user, "session_log", session.pk, **data)


def test_a_town_proposes_topics_that_stand_in_the_log_and_three_are_logged_in_one_form(client, cast):
    session = a_session(cast.staff, cast.town, due=0)
    area = an_area("training")
    assert "論点を提案する" in words(get(client, cast.officer, "session", session.pk))
    post(client, cast.officer, "topic_propose", session.pk, title="窓口の列", trouble="混む", area=area.pk)

    data = drawn(get(client, cast.consultant, "session_log", session.pk))
    assert data["topics-TOTAL_FORMS"] == "3"
    assert (data["topics-0-title"], data["topics-0-trouble"]) == ("窓口の列", "混む")
    data |= {"topics-0-decision": "予約制を試す", "topics-1-title": "RPA", "topics-1-know_how": "研修から"}
    data |= {"topics-2-title": "共同調達", "topics-2-outcome": "次回に", "topics-2-area": str(area.pk)}
    assert save(client, cast.consultant, session, data).status_code == 302
    # The same form again makes nothing twice.
    save(client, cast.consultant, session, data)

    topics = list(Topic.objects.order_by("position", "pk"))
    assert [(topic.title, topic.origin) for topic in topics] == [
        ("窓口の列", "proposed"),
        ("RPA", "session"),
        ("共同調達", "session"),
    ]
    assert {remark.kind: remark.text for remark in topics[0].remarks.all()} == {
        "trouble": "混む",
        "decision": "予約制を試す",
    }
    assert topics[2].area == area
    assert "共同調達" in words(get(client, cast.officer, "session", session.pk))


def test_a_text_of_a_new_row_makes_its_topic_once_and_two_writers_keep_both(client, cast):
    session = a_session(cast.staff, cast.town, due=0)
    rows = drawn(get(client, cast.consultant, "session_log", session.pk))
    code = f"topic-{rows['topics-0-key']}-trouble"

    def type_in(user, text, seen, name=code):
        return post(client, user, "session_text", session.pk, name, **{"text": text, f"r:{name}": mark(seen)})

    assert type_in(cast.consultant, "", "").status_code == 200
    assert not Topic.objects.exists()
    for _ in range(2):  # the first answer was lost
        assert type_in(cast.consultant, "人手が", "").status_code == 200
    assert Topic.objects.count() == 1
    again = drawn(get(client, cast.staff, "session_log", session.pk))
    assert (again["topics-0-key"], again["topics-0-trouble"]) == (rows["topics-0-key"], "人手が")
    assert again["topics-1-key"] != rows["topics-1-key"]
    assert type_in(cast.staff, "同僚の文", "人手が").status_code == 200

    answer = type_in(cast.consultant, "人手が足りない", "人手が")
    assert (answer.status_code, answer.json()["theirs"]["fields"][0]) == (409, ["text", "同僚の文"])
    assert type_in(cast.staff, "他人の行", "", f"topic-{rows['topics-1-key']}-title").status_code == 403
    # By the form as well: both are shown, and saved again what was typed is stored.
    rows |= {"topics-0-title": "人手", "topics-0-trouble": "人手が足りない", "topics-0-seen_trouble": mark("人手が")}
    stale = save(client, cast.consultant, session, rows)
    text = stale.content.decode()
    assert stale.status_code == 409
    assert "同僚の文" in text
    assert "人手が足りない" in text
    save(client, cast.consultant, session, drawn_again(stale))
    topic = Topic.objects.get()
    assert (topic.title, topic.remarks.get().text) == ("人手", "人手が足りない")


def drawn_again(page) -> dict[str, object]:
    """The form as it came back, with what it now has seen."""
    return dict(page.context["form"].texts.data.lists())


def test_a_regional_session_asks_for_the_town_and_rows_come_without_a_script(client, cast):
    session = a_session(cast.staff, cast.town, cast.neighbour, kind="regional", due=0)
    rows = drawn(get(client, cast.staff, "session_log", session.pk))
    typed = rows | {"topics-0-title": "見守り", "topics-0-trouble": "担い手がいない"}

    more = save(client, cast.staff, session, typed | {"add": "topics"})
    assert len(more.context["form"].topics.forms) == 4
    assert "担い手がいない" in words(more)
    assert "団体を選んでください" in words(save(client, cast.staff, session, typed))
    assert Topic.objects.count() == 0
    save(client, cast.staff, session, typed | {"topics-0-organization": str(cast.neighbour.pk)})
    assert Topic.objects.get().organization == cast.neighbour
    # A consultant writes for the towns in charge alone.
    mine = drawn(get(client, cast.consultant, "session_log", session.pk))
    assert "見守り" not in mine.values()


def test_a_row_is_taken_away_by_its_box_and_a_confirmed_record_changes_no_more(client, cast):
    session = a_session(cast.staff, cast.town, due=-1)
    a_topic(cast.town, cast.staff, "消える", session=session)
    rows = drawn(get(client, cast.staff, "session_log", session.pk))
    save(client, cast.staff, session, rows | {"topics-0-remove": "on", "held": "on"})
    assert not Topic.objects.exists()

    post(client, cast.staff, "session_confirm", session.pk)
    name = f"topic-u{cast.staff.pk}-0-0-title"
    refused = post(client, cast.staff, "session_text", session.pk, name, **{"text": "遅い", f"r:{name}": mark("")})
    assert refused.status_code == 422
    assert post(client, cast.officer, "topic_propose", session.pk, title="遅い").status_code == 200
    assert not Topic.objects.exists()
