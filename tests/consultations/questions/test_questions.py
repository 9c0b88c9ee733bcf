"""Questions at any time: to whom they go, who reads and answers them, what closes them, what is told by mail."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from consultations.domain.questions import digest, doers, moves, write
from consultations.domain.questions.doers import Doer
from consultations.domain.questions.waiting import is_late, waiting_words
from consultations.domain.questions.write import Asking, title_of
from consultations.models import TownQuestion
from dxportal.core.accounts.models import Membership
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.portal.domain.doers import doers as doers_by_answers
from tests.support import factories as make
from tests.support.answers import hand_in, with_areas
from tests.support.cases import an_area
from tests.support.consultations import a_question, get, post
from tests.support.files import PDF_BYTES, an_upload
from tests.support.queries import assert_same_queries
from tests.support.reading import words


def test_how_long_a_question_waits_is_counted_in_whole_days():
    today = dt.date(2024, 11, 27)
    assert waiting_words("open", 0, today, today) == "今日の質問"
    assert waiting_words("open", 0, dt.date(2024, 11, 20), today) == "7日回答なし"
    assert not is_late("open", 0, dt.date(2024, 11, 20), today)
    assert is_late("open", 0, dt.date(2024, 11, 19), today)
    assert not is_late("open", 1, dt.date(2024, 11, 1), today)
    assert not is_late("withdrawn", 0, dt.date(2024, 11, 1), today)


def test_the_first_sentence_is_the_title():
    assert title_of("議事録をAIで作れますか。費用も知りたいです。") == "議事録をAIで作れますか。"
    assert title_of("  一行目\n二行目") == "一行目"
    assert len(title_of("長" * 200)) == 80


@pytest.fixture
def willing(cast, monkeypatch):
    """The neighbour does it by its answers and agreed to be asked; so does a third town, which did not agree."""
    other = make.make_municipality(cast.bureau)
    write.agree(True, user=cast.neighbour_officer)
    rows = [Doer(other.pk, "別の回答"), Doer(cast.neighbour.pk, "1-1 計画"), Doer(cast.town.pk, "自分")]
    monkeypatch.setattr(doers, "_tellers", {"test": lambda *_: rows})
    return cast


@pytest.mark.django_db
def test_a_question_goes_to_the_consultant_and_to_willing_towns_that_do_it(willing, django_capture_on_commit_callbacks):
    cast = willing
    asking = Asking("議事録をどう作っていますか。", an_area("training"), to_towns=True)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        question = write.ask(cast.town.pk, asking, user=cast.officer)

    assert [row.organization for row in question.asked_towns.all()] == [cast.neighbour]
    to = {address for message in mail.outbox for address in message.to}
    assert to == {cast.consultant.email, cast.neighbour_officer.email, cast.neighbour_approver.email}
    assert all(len(message.to) == 1 for message in mail.outbox)
    assert "議事録をどう作っていますか。" in mail.outbox[0].body

    with django_capture_on_commit_callbacks(execute=True):
        alone = write.ask(cast.town.pk, Asking("担当だけに。", an_area("training")), user=cast.officer)
    assert not alone.asked_towns.exists()
    assert mail.outbox[-1].to == [cast.consultant.email]
    write.agree(False, user=cast.neighbour_officer)
    assert not write.ask(cast.town.pk, asking, user=cast.officer).asked_towns.exists()


@pytest.mark.django_db
def test_towns_that_do_it_are_those_whose_answers_earn_all_points_of_a_question_of_the_area(cast):
    sheet = make.make_questionnaire()
    with_areas(sheet)
    survey = make.make_survey(cast.pref, sheet)
    third = make.make_municipality(cast.bureau)
    hand_in(survey, cast.town, plan="planned", defined="yes")
    hand_in(survey, cast.neighbour, plan="done")
    hand_in(survey, third, state="in_progress", plan="done")
    policy = sheet.questions.get(key="plan").area_id

    rows = doers_by_answers(cast.pref.pk, policy)

    assert [row.organization for row in rows] == [cast.neighbour.pk]
    assert "設問1-1" in rows[0].reason
    assert doers_by_answers(cast.other_pref.pk, policy) == []


@pytest.mark.django_db
def test_who_reads_and_answers(client, cast):
    question = a_question(cast.town, cast.officer, asked=[cast.neighbour])
    topic_file = question.topic.attachments.create(
        name="後から.pdf", content_type="application/pdf", size=1, digest="9", uploaded_by=cast.staff
    )

    for user in (cast.viewer, cast.bureau_staff, cast.pref_viewer, cast.consultant, cast.neighbour_officer):
        assert get(client, user, "question", question.pk).status_code == 200
    for user in (cast.far_bureau_staff, cast.stranger_staff):
        assert get(client, user, "question", question.pk).status_code == 404
    # The town that is asked reads the files that came with the question, and not the topic itself.
    assert (
        get(client, cast.neighbour_officer, "question_file", question.pk, question.shared_files[0]).status_code == 200
    )
    assert get(client, cast.neighbour_officer, "question_file", question.pk, topic_file.pk).status_code == 404
    assert get(client, cast.neighbour_officer, "topic", question.topic_id).status_code == 404
    assert "回答：1-1 研修" in words(get(client, cast.neighbour_officer, "question", question.pk))
    assert "回答：1-1 研修" not in words(get(client, cast.officer, "question", question.pk))
    for user in (cast.viewer, cast.bureau_staff, cast.pref_viewer, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            write.answer(question.pk, "答え", user=user)
    reply = write.answer(question.pk, "要綱から始めました。", user=cast.neighbour_officer)
    assert (reply.remark.organization, reply.remark.kind) == (cast.neighbour, "know_how")
    assert write.answer(question.pk, "県の手引きもあります。", user=cast.staff).remark.organization is None
    with pytest.raises(PermissionDenied):
        moves.accept(question.pk, reply.pk, user=cast.neighbour_officer, revision=3)
    with pytest.raises(PermissionDenied):
        moves.make_move(question.pk, "withdraw", user=cast.neighbour_approver, reason="x")
    # Whose membership has ended reads and answers nothing.
    Membership.objects.filter(user=cast.neighbour_officer).update(last_day=timezone.localdate() - dt.timedelta(days=1))
    assert get(client, cast.neighbour_officer, "question", question.pk).status_code in (403, 404)


@pytest.mark.django_db
def test_an_accepted_answer_closes_it_and_nobody_accepts_what_was_not_read(client, cast):
    question = a_question(cast.town, cast.officer)
    first = write.answer(question.pk, "一つ目", user=cast.staff)
    strange = write.answer(a_question(cast.town, cast.officer, "別の質問").pk, "別の答え", user=cast.staff)
    write.answer(question.pk, "二つ目", user=cast.consultant)

    page = post(client, cast.officer, "question_accept", question.pk, answer=first.pk, revision=2)
    assert page.status_code == 409
    assert "二つ目" in page.content.decode()
    with pytest.raises(NotPossible):
        moves.accept(question.pk, strange.pk, user=cast.officer, revision=3)
    assert post(client, cast.officer, "question_accept", question.pk, answer=first.pk, revision=3).status_code == 302
    question.refresh_from_db()
    assert (question.state, question.accepted) == ("solved", first)
    late = post(client, cast.consultant, "question_answer", question.pk, text="遅れた答え")
    assert "遅れた答え" in late.content.decode()  # what was typed stays
    assert question.answers.count() == 2
    moves.make_move(question.pk, "reopen", user=cast.officer)
    with pytest.raises(Overtaken):
        moves.accept(question.pk, first.pk, user=cast.officer, revision=3)
    with pytest.raises(NotPossible):
        moves.make_move(question.pk, "withdraw", user=cast.officer)


@pytest.mark.django_db
def test_a_town_asks_with_two_fields_and_a_consultant_logs_one_from_the_telephone(client, cast):
    area = an_area("training")
    asked = post(client, cast.officer, "question_ask", text="研修はどうしていますか。", area=area.pk)
    question = TownQuestion.objects.get()
    assert asked.url == f"/consultations/questions/{question.pk}/"
    assert (question.topic.organization, question.topic.origin, question.topic.area) == (cast.town, "question", area)

    data = {"channel": "phone", "text": "電話です。", "area": area.pk, "answer": "その場で答えた。"}
    post(client, cast.consultant, "question_log", **data)  # the only town in charge is not asked for
    logged = TownQuestion.objects.exclude(pk=question.pk).get()
    assert (logged.channel, logged.answers.get().remark.text) == ("phone", "その場で答えた。")
    assert post(client, cast.officer, "question_log", **data).status_code == 403
    with pytest.raises(PermissionDenied):
        write.ask(cast.neighbour.pk, Asking("よその質問", area), user=cast.officer)
    with pytest.raises(PermissionDenied):
        write.ask(cast.other_town.pk, Asking("よその質問", area), user=cast.staff)

    refused = post(
        client, cast.officer, "question_ask", text="添付します。", area=area.pk, files=an_upload("a.exe", b"MZ\x90")
    )
    assert refused.status_code == 200
    assert "添付します。" in refused.content.decode()
    assert TownQuestion.objects.count() == 2
    kept = {"text": "添付します。", "area": area.pk, "files": an_upload("a.pdf", PDF_BYTES)}
    assert post(client, cast.officer, "question_ask", **kept).status_code == 302
    assert TownQuestion.objects.first().topic.attachments.count() == 1


@pytest.mark.django_db
def test_the_list_has_unanswered_ones_first_and_says_what_is_late(client, cast):
    old = a_question(cast.town, cast.officer, "古い質問")
    TownQuestion.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=9))
    answered = a_question(cast.town, cast.officer, "答えのある質問")
    write.answer(answered.pk, "答え", user=cast.staff)
    a_question(cast.neighbour, cast.staff, "隣の質問", asked=[cast.town])

    def titles(user, **query):
        return [line.question.topic.title for line in get(client, user, "questions", **query).context["rows"]]

    assert titles(cast.officer) == ["古い質問", "隣の質問", "答えのある質問"]
    assert titles(cast.officer, box="put") == ["隣の質問"]
    assert titles(cast.officer, box="own", waiting=1) == ["古い質問"]
    assert titles(cast.neighbour_officer) == ["隣の質問"]
    assert titles(cast.consultant) == ["古い質問", "答えのある質問"]
    assert titles(cast.stranger_staff) == []
    assert "9日回答なし" in words(get(client, cast.staff, "questions", state="x", area="z", page="0"))
    client.force_login(cast.officer)
    assert_same_queries(
        lambda: client.get("/consultations/questions/"), lambda n: a_question(cast.town, cast.officer, f"質問{n}")
    )


@pytest.mark.django_db
def test_the_others_get_one_digest_a_day_of_what_is_new_or_waits(cast):
    a_question(cast.town, cast.officer, "待っている質問")
    monday = dt.date(2026, 11, 30)
    mail.outbox.clear()

    assert digest.send_all(monday) == 3  # two of the prefecture's staff, and the office
    assert digest.send_all(monday) == 0
    assert {address for message in mail.outbox for address in message.to} == {
        cast.staff.email,
        cast.admin.email,
        cast.office.email,
    }
    assert "待っている質問" in mail.outbox[0].body
    assert digest.send_all(dt.date(2026, 11, 29)) == 0  # a Sunday
