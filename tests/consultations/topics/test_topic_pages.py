"""Topics: what those present write and read, on pages, in files and in the audit."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casestudies.models import Case
from consultations.domain.topics import write
from consultations.domain.topics.content import TopicContent
from consultations.models import Topic
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.portal.domain.audit import Wanted, search
from tests.support.cases import a_case, an_area
from tests.support.consultations import a_session, a_topic, get, hold, post
from tests.support.files import PDF_BYTES
from tests.support.queries import assert_same_queries
from tests.support.reading import words

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [topic.title for topic, _ in response.context["rows"]]


def test_a_stale_save_is_refused_and_the_same_again_changes_nothing(cast):
    topic = a_topic(cast.town, cast.staff, trouble="人手が足りない")
    mine = TopicContent("RPAの進め方", remarks={"trouble": "人手が足りない", "decision": "試す"})
    theirs = TopicContent("RPAの選び方", remarks={"trouble": "人手が足りない"})

    write.change(topic.pk, mine, user=cast.consultant, revision=1)
    assert write.change(topic.pk, mine, user=cast.consultant, revision=1).revision == 2
    with pytest.raises(Overtaken):
        write.change(topic.pk, theirs, user=cast.staff, revision=1)

    changed = write.change(topic.pk, theirs, user=cast.staff, revision=2)
    assert {kind: text for kind, text in write.noted(changed).items() if text} == {"trouble": "人手が足りない"}


def test_nobody_writes_for_a_town_out_of_reach_and_only_readers_write_nothing(cast):
    topic = a_topic(cast.neighbour, cast.staff)
    for user in (cast.officer, cast.consultant, cast.viewer, cast.bureau_staff, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            a_topic(cast.neighbour, user)
        with pytest.raises(PermissionDenied):
            write.change(topic.pk, TopicContent("取る"), user=user, revision=1)
    # What the supporting side wrote of the town, the town reads and does not change; remarks it may add.
    own = a_topic(cast.town, cast.staff)
    with pytest.raises(PermissionDenied):
        write.change(own.pk, TopicContent("変える"), user=cast.officer, revision=1)
    assert write.add_remark(own.pk, "know_how", " 研修から ", user=cast.officer).organization == cast.town
    assert a_topic(cast.town, cast.officer).origin == "proposed"


def test_what_others_read_cannot_become_the_business_of_those_present_alone(cast):
    topic = a_topic(cast.town, cast.staff)
    Topic.objects.filter(pk=topic.pk).update(
        state="shown", summary_title="題", summary="文", release_day="2030-01-01", revision=1
    )

    with pytest.raises(NotPossible):
        write.change(topic.pk, TopicContent(topic.title, audience="here"), user=cast.staff, revision=1)
    with pytest.raises(NotPossible):
        write.remove(topic.pk, user=cast.staff)


def test_the_list_is_filtered_sorted_and_saved_as_a_file_and_costs_the_same_for_one_and_three(client, cast):
    area = an_area("training")
    session = hold(a_session(cast.staff, cast.town, due=-400), cast.staff)
    a_topic(cast.town, cast.staff, "去年のこと", session=session, know_how="研修から始めた")
    a_topic(cast.neighbour, cast.staff, "隣の町のこと", area=area.pk)

    def listed(user, **query):
        return titles(get(client, user, "topics", **query))

    assert_same_queries(
        lambda: get(client, cast.staff, "topics"), lambda _: a_topic(cast.town, cast.staff, "=1+1", area=area.pk)
    )
    assert listed(cast.staff, sort="at")[0] == "去年のこと"
    assert listed(cast.staff, kind="know_how") == ["去年のこと"]
    assert listed(cast.staff, q="研修 始めた") == ["去年のこと"]
    assert listed(cast.staff, organization=cast.neighbour.pk, area=area.pk, state="noted") == ["隣の町のこと"]
    last_year = session.occasion.day.year - (session.occasion.day.month < 4)
    assert listed(cast.staff, year=last_year) == ["去年のこと"]
    assert "隣の町のこと" not in listed(cast.officer)
    assert "去年のこと" in listed(cast.officer)
    assert listed(cast.neighbour_officer) == ["隣の町のこと"]
    file = get(client, cast.officer, "topics", format="xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:5] == ("日", "団体", "相談", "分野", "論点")
    assert {row[4] for row in rows[1:]} == {"去年のこと", "=1+1"}


def test_the_form_keeps_what_was_typed_and_links_a_case_by_its_address(client, cast):
    seen = a_case("窓口の事例")
    hidden = a_case("下書きの事例", state="draft", prefecture=cast.pref, organization=cast.neighbour)
    address = reverse("casestudies:detail", args=[seen.source_id])
    typed = {"organization": cast.town.pk, "title": "窓口", "trouble": "混む", "audience": "prefecture"}

    refused = words(post(client, cast.consultant, "topic_create", **typed, links="資料 ftp://x.example"))
    assert "http:// か https:// で始まるアドレスがありません" in refused
    assert "混む" in refused
    post(client, cast.consultant, "topic_create", **typed, links=f"{address}\n国の手引き https://example.jp/a")
    topic = Topic.objects.get()
    page = words(get(client, cast.officer, "topic", topic.pk))
    assert "窓口の事例" in page
    assert "国の手引き" in page

    # A case that the reader may not open isn't there, and saving the rest does not take it away.
    topic.links.create(case=hidden.pk)
    assert "下書きの事例" not in words(get(client, cast.consultant, "topic", topic.pk))
    post(client, cast.consultant, "topic_edit", topic.pk, title="窓口の列", audience="prefecture", revision=1)
    assert [link.case for link in topic.links.all()] == [hidden.pk]
    stale = post(client, cast.staff, "topic_edit", topic.pk, title="別の題", audience="prefecture", revision=1)
    text = stale.content.decode()
    assert stale.status_code == 409
    assert "窓口の列" in text
    assert "別の題" in text


def test_files_are_for_those_present_and_events_for_those_who_see_the_topic(client, cast):
    topic = a_topic(cast.town, cast.staff, "窓口の論点", trouble="秘密の発言")
    refused = post(client, cast.staff, "topic_files", topic.pk, files=SimpleUploadedFile("a.pdf", b"MZ"))
    assert "a.pdf" in words(refused)
    post(client, cast.staff, "topic_files", topic.pk, files=SimpleUploadedFile("資料.pdf", PDF_BYTES))
    file = topic.attachments.get()

    assert get(client, cast.officer, "topic_file", topic.pk, file.pk).content == PDF_BYTES
    assert get(client, cast.neighbour_officer, "topic_file", topic.pk, file.pk).status_code == 404
    assert "資料.pdf" in words(get(client, cast.officer, "topic", topic.pk))
    subjects = [entry.subject for entry in search(Wanted(text="窓口の論点"), user=cast.admin)[0:20]]
    assert "窓口の論点：資料.pdf" in subjects
    assert subjects.count("窓口の論点") == 2
    assert not search(Wanted(text="窓口の論点"), user=cast.stranger_staff)[0:20]


def test_a_topic_becomes_the_draft_of_a_case_in_one_click_and_links_to_it(client, cast):
    area = an_area("training")
    topic = a_topic(cast.town, cast.staff, "町 担当の工夫", know_how="佐藤さんの台帳", area=area.pk)
    address = reverse("portal:topic_case", args=[topic.pk])
    assert address in get(client, cast.consultant, "topic", topic.pk).content.decode()
    assert address not in get(client, cast.office, "topic", topic.pk).content.decode()

    client.force_login(cast.consultant)
    answer = client.post(address)

    case = Case.objects.get(title="担当者の工夫")
    assert answer["Location"] == reverse("casestudies:edit", args=[case.source_id])
    assert (case.state, case.author, case.actions) == ("draft", cast.consultant, "ノウハウ：担当者の台帳")
    assert [place.name for place in case.places.all()] == [cast.town.name]
    assert list(case.areas.all()) == [area]
    assert "担当者の工夫" in words(get(client, cast.consultant, "topic", topic.pk))
    assert "担当者の工夫" not in words(get(client, cast.officer, "topic", topic.pk))
