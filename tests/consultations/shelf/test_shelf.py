"""The shelf: who reads what before and after its release, whose agreement it needs, who took which version."""

import pytest
from django.core.exceptions import PermissionDenied

from consultations.domain.shelf import moves, write
from consultations.domain.shelf.write import ShelfContent, content_of
from consultations.models import ShelfItem, ShelfTaking
from dxportal.core.organizations.models import Group
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.support.cases import an_area
from tests.support.consultations import an_item, get, post, release
from tests.support.files import PNG_BYTES, an_upload
from tests.support.queries import assert_same_queries
from tests.support.reading import words

pytestmark = pytest.mark.django_db


def seen_by(user) -> set[str]:
    return set(ShelfItem.objects.for_user(user).values_list("title", flat=True))


def test_a_draft_is_for_those_who_write_it_and_a_released_item_for_the_prefecture(client, cast):
    item = an_item(cast.staff, "県の手引き")
    own = an_item(cast.officer, "町の要綱")
    assert (item.organization, own.organization) == (None, cast.town)

    assert seen_by(cast.consultant) == {"県の手引き", "町の要綱"}
    assert seen_by(cast.officer) == {"町の要綱"}
    assert seen_by(cast.neighbour_officer) == seen_by(cast.pref_viewer) == seen_by(cast.stranger_staff) == set()
    for user in (cast.officer, cast.consultant, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            moves.make_move(own.pk, "release", user=user)
    release(own, cast.office)
    for user in (cast.neighbour_officer, cast.viewer, cast.far_bureau_staff, cast.pref_viewer):
        assert seen_by(user) == {"町の要綱"}
    assert seen_by(cast.stranger_staff) == set()
    moves.make_move(own.pk, "withdraw", user=cast.staff, reason="誤り")
    file = own.versions.get().attachments.get()
    assert seen_by(cast.neighbour_officer) == set()
    assert post(client, cast.neighbour_officer, "shelf_file", own.pk, file.pk).status_code == 404


def test_named_bodies_agree_then_the_group_and_only_then_all_read_it(cast):
    group = Group.objects.create(prefecture=cast.pref, name="教育の情報化の会")
    item = an_item(cast.staff, "校務のガイドライン", bodies=[cast.town, cast.neighbour], group=group)
    with pytest.raises(NotPossible):
        release(item, cast.staff)
    moves.make_move(item.pk, "circulate", user=cast.consultant)
    assert seen_by(cast.officer) == seen_by(cast.neighbour_officer) == {"校務のガイドライン"}
    assert seen_by(cast.far_bureau_staff) == set()
    for user in (cast.viewer, cast.staff, cast.bureau_staff, cast.stranger_staff):
        with pytest.raises(PermissionDenied):
            moves.agree(item.pk, user=user)
    assert moves.agree(item.pk, user=cast.officer).state == "agreeing"

    # Changed after an objection, it goes round anew: the earlier agreement counts no more.
    with pytest.raises(NotPossible):
        moves.make_move(item.pk, "object", user=cast.neighbour_approver)
    moves.make_move(item.pk, "object", user=cast.neighbour_approver, reason="帳票が足りない")
    moves.make_move(item.pk, "circulate", user=cast.staff)
    assert not item.agreements.filter(agreed_at__isnull=False).exists()
    moves.agree(item.pk, user=cast.officer)
    assert moves.agree(item.pk, user=cast.neighbour_approver).state == "approving"
    with pytest.raises(NotPossible):
        moves.make_move(item.pk, "approve", user=cast.staff)
    assert moves.make_move(item.pk, "approve", user=cast.staff, reason="11月の会議").state == "released"
    assert seen_by(cast.far_bureau_staff) == {"校務のガイドライン"}
    log = list(item.transitions.order_by("pk").values_list("move", flat=True))
    assert log == ["circulate", "object", "circulate", "forward", "approve"]
    with pytest.raises(NotPossible):  # what was agreed to is not changed behind their backs
        write.add_version(item.pk, [an_upload("b.pdf", PNG_BYTES)], "", user=cast.staff)


def test_bodies_of_another_prefecture_and_those_named_by_a_town_are_refused(cast):
    for user, bodies in ((cast.staff, [cast.other_town]), (cast.officer, [cast.neighbour])):
        with pytest.raises(PermissionDenied):
            an_item(user, bodies=bodies)
    assert not ShelfItem.objects.exists()
    with pytest.raises(NotPossible):
        an_item(cast.staff, files=[an_upload("a.exe", b"MZ")])
    assert not ShelfItem.objects.exists()


def test_who_took_which_version_is_noted_once_and_shown_to_those_who_write_it(client, cast):
    item = release(an_item(cast.staff), cast.staff)
    second = write.add_version(item.pk, [an_upload("第2版.png", PNG_BYTES)], "様式を直した", user=cast.staff)
    for _ in range(2):
        file = second.attachments.get()
        assert post(client, cast.neighbour_officer, "shelf_file", item.pk, file.pk).content == PNG_BYTES
    post(client, cast.staff, "shelf_file", item.pk, file.pk)

    assert [(row.organization, row.version.number) for row in ShelfTaking.objects.all()] == [(cast.neighbour, 2)]
    assert "ゆうひ町：第2版" in words(get(client, cast.staff, "shelf_item", item.pk))
    page = words(get(client, cast.neighbour_officer, "shelf_item", item.pk))
    assert "第2版を受け取りました" in page
    assert "受け取った団体" not in page
    assert "ゆうひ町：" not in words(get(client, cast.officer, "shelf_item", item.pk))


def test_a_superseded_item_leads_to_its_successor_and_a_question_names_its_item(client, cast):
    area = an_area("training")
    old, new = (
        release(an_item(cast.staff, "古い要綱"), cast.staff),
        release(an_item(cast.staff, "新しい要綱", area=area), cast.staff),
    )
    draft = an_item(cast.staff, "下書き")
    for wrong in (draft.pk, old.pk, 0):
        with pytest.raises(NotPossible):
            moves.make_move(old.pk, "supersede", user=cast.staff, successor=wrong)
    assert post(client, cast.staff, "shelf_supersede", old.pk, successor=new.pk).status_code == 302
    assert "新しい資料： 新しい要綱" in words(get(client, cast.officer, "shelf_item", old.pk))

    form = get(client, cast.officer, "question_ask", item=new.pk).context["form"]
    assert (form["item"].value(), form["area"].value()) == (new.pk, area.pk)
    post(client, cast.officer, "question_ask", text="何条を直しますか。", area=area.pk, item=new.pk)
    assert "何条を直しますか。" in words(get(client, cast.officer, "shelf_item", new.pk))
    assert "何条を直しますか。" not in words(get(client, cast.neighbour_officer, "shelf_item", new.pk))
    hidden = post(client, cast.officer, "question_ask", text="下書きについて", area=area.pk, item=draft.pk)
    assert hidden.status_code == 200


def test_a_stale_save_is_refused_and_only_drafts_change(client, cast):
    item = an_item(cast.staff, bodies=[cast.town])
    assert content_of(item).bodies == {cast.town.pk}
    write.change(item.pk, ShelfContent("guide", "先に直した題名"), user=cast.consultant, revision=1)
    late = post(client, cast.staff, "shelf_edit", item.pk, kind="guide", title="後から直した題名", revision="1")
    assert late.status_code == 409
    assert "先に直した題名" in late.content.decode()
    assert "後から直した題名" in late.content.decode()
    with pytest.raises(Overtaken):
        write.change(item.pk, ShelfContent("guide", "x"), user=cast.staff, revision=1)
    release(item, cast.staff)
    with pytest.raises(NotPossible):
        write.change(item.pk, ShelfContent("guide", "x"), user=cast.staff, revision=2)


def test_the_list_is_filtered_and_costs_the_same_for_one_and_three(client, cast):
    client.force_login(cast.staff)
    assert_same_queries(lambda: client.get("/consultations/shelf/"), lambda n: an_item(cast.staff, f"資料{n}"))
    release(an_item(cast.staff, "要綱のひな形", kind="rules"), cast.staff)

    def titles(**query):
        return [item.title for item in get(client, cast.staff, "shelf", **query).context["rows"]]

    assert titles(kind="rules") == titles(state="released") == titles(q="ひな形　要綱") == ["要綱のひな形"]
    assert len(titles(kind="x", area="z", page="-1", sort="x")) == 4
