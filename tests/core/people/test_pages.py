"""The register of supporters and the list of contacts, through their pages."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from dxportal.core.accounts.domain.handover import sections
from dxportal.core.accounts.enums import Role
from dxportal.core.people.domain import write
from dxportal.core.people.models import Capacity, Contact, Supporter
from dxportal.portal.domain.audit import Wanted, search
from tests.support import factories as make
from tests.support.queries import assert_same_queries
from tests.support.reading import words

pytestmark = pytest.mark.django_db
APRIL = dt.date(2024, 4, 1)


def get(client, user, page, /, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"people:{page}", args=args), query)


def post(client, user, page, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"people:{page}", args=args), data)


def somebody(cast, name="伴走 花子", code="concierge", field="", first_day=APRIL, last_day=None, **values) -> Supporter:
    supporter = write.create_supporter({"name": name} | values, user=cast.office)
    capacity = Capacity.objects.get(code=code)
    write.store_capacity(
        supporter.pk, capacity=capacity, field=field, first_day=first_day, last_day=last_day, user=cast.office
    )
    return supporter


def names(response) -> list[str]:
    return [supporter.name for supporter in response.context["rows"]]


@pytest.fixture(autouse=True)
def capacities(db):
    write.load_capacities()


def test_the_register_is_of_a_day_and_filtered_by_what_people_do(client, cast):
    somebody(cast, "甲 一", kana="コウ イチ", affiliation="渡邊研究所")
    somebody(cast, "乙 二", "special_producer", "人づくり", last_day=dt.date(2024, 9, 30), kana="オツ ニ")
    both = somebody(cast, "丙 三", "special_producer", "テクノロジー", kana="ヘイ サン")
    concierge = Capacity.objects.get(code="concierge")
    write.store_capacity(both.pk, capacity=concierge, first_day=APRIL, user=cast.office)
    write.create_supporter({"name": "丁 四", "kana": "テイ ヨン"}, user=cast.office)

    page = get(client, cast.officer, "supporters", day="R6.9.30")

    assert names(page) == ["乙 二", "甲 一", "丙 三"]
    assert "役割 4（3人）" in words(page)
    assert dict(page.context["count"].capacities) == {"専門プロデューサー": 2, "伴走コンシェルジュ": 2}
    assert names(get(client, cast.officer, "supporters")) == ["甲 一", "丙 三"]
    assert names(get(client, cast.officer, "supporters", day="2024-03-31")) == []
    assert len(names(get(client, cast.officer, "supporters", state="all"))) == 4
    assert names(get(client, cast.officer, "supporters", state="all", field="人づくり")) == ["乙 二"]
    assert names(get(client, cast.officer, "supporters", capacity=concierge.pk, sort="-name")) == ["丙 三", "甲 一"]
    assert names(get(client, cast.officer, "supporters", q="渡辺")) == ["甲 一"]
    odd = get(client, cast.officer, "supporters", day="2月30日", capacity="x", field="?", state="?", page="0")
    assert len(names(odd)) == 2
    assert "2月30日" in words(odd)


def test_notes_accounts_and_history_are_the_offices_on_pages_and_in_files(client, cast):
    supporter = somebody(cast, note="報酬の相談中", user=cast.consultant, schemes=["地域情報化アドバイザー"])
    somebody(cast, "=cmd|' /C calc'!A0")

    for user in (cast.office, cast.staff, cast.admin):
        page = words(get(client, user, "supporter", supporter.pk))
        assert "報酬の相談中" in page
        assert cast.consultant.email in page
        assert "変更の記録" in page
        assert "報酬の相談中" in str(cells_of(get(client, user, "supporters", format="xlsx")))
    for user in (cast.officer, cast.consultant, cast.bureau_staff, cast.pref_viewer):
        page = words(get(client, user, "supporter", supporter.pk))
        assert "地域情報化アドバイザー" in page
        assert "報酬の相談中" not in page + str(cells_of(get(client, user, "supporters", format="xlsx")))
        assert cast.consultant.email not in page
        assert "変更の記録" not in page
    head, *rows = cells_of(get(client, cast.office, "supporters", format="xlsx"))
    assert head[:7] == ("氏名", "カナ", "所属", "役割", "分野", "開始日", "終了日")
    assert [row[3] for row in rows] == ["伴走コンシェルジュ"] * 2


def cells_of(response):
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return list(sheet.iter_rows(values_only=True))


def test_towns_in_charge_are_shown_as_far_as_the_reader_sees_them(client, cast):
    supporter = somebody(cast, user=cast.consultant)
    make.assign(cast.consultant, cast.neighbour)

    shown = {
        user: [charge.organization for charge in get(client, user, "supporter", supporter.pk).context["charges"]]
        for user in (cast.office, cast.officer, cast.neighbour_officer)
    }

    assert set(shown[cast.office]) == {cast.town, cast.neighbour}
    assert (shown[cast.officer], shown[cast.neighbour_officer]) == ([cast.town], [cast.neighbour])


def test_a_supporter_is_registered_changed_and_a_stale_save_shows_both(client, cast):
    refused = post(client, cast.office, "supporter_create", name="", kana="hanako", schemes="制度\n" * 2, note="覚え")
    assert "カタカナで入力してください" in words(refused)
    assert "覚え" in words(refused)
    post(
        client, cast.office, "supporter_create", name="伴走 花子", kana="ばんそう", schemes="甲制度\n\n 乙制度 \n甲制度"
    )
    supporter = Supporter.objects.get()
    assert (supporter.kana, supporter.schemes, supporter.revision) == ("バンソウ", ["甲制度", "乙制度"], 1)

    post(client, cast.staff, "supporter_edit", supporter.pk, name="伴走 花子", affiliation="先の社", revision=1)
    stale = post(
        client, cast.office, "supporter_edit", supporter.pk, name="伴走 花子", affiliation="後の社", revision=1
    )

    assert stale.status_code == 409
    assert "先の社" in stale.content.decode()
    assert 'value="後の社"' in stale.content.decode()
    assert stale.context["form"]["revision"].value() == "2"
    supporter.refresh_from_db()
    assert supporter.affiliation == "先の社"
    again = post(
        client, cast.office, "supporter_edit", supporter.pk, name="伴走 花子", affiliation="先の社", revision=1
    )
    assert again.status_code == 302
    supporter.refresh_from_db()
    assert supporter.revision == 2


def test_an_account_is_chosen_from_the_prefectures_people_and_only_once(client, cast):
    somebody(cast, user=cast.consultant)

    offered = set(get(client, cast.office, "supporter_create").context["form"].fields["user"].queryset)

    assert offered == {cast.admin, cast.staff, cast.pref_viewer, cast.office}
    refused = post(client, cast.office, "supporter_create", name="別人", user=cast.stranger_staff.pk)
    assert refused.status_code == 200
    assert Supporter.objects.count() == 1


def test_a_capacity_is_entered_changed_ended_and_never_twice_on_a_day(client, cast):
    supporter = write.create_supporter({"name": "伴走 花子"}, user=cast.office)
    special = Capacity.objects.get(code="special_producer")
    concierge = Capacity.objects.get(code="concierge")

    missing = post(client, cast.office, "capacity_create", supporter.pk, capacity=special.pk, first_day="R6.4.1")
    assert "「専門プロデューサー」の分野を入力してください" in words(missing)
    extra = post(
        client,
        cast.office,
        "capacity_create",
        supporter.pk,
        capacity=concierge.pk,
        first_day="R6.4.1",
        field="人づくり",
    )
    assert "分野をもちません" in words(extra)
    typed = {"capacity": special.pk, "field": "人づくり", "first_day": "R6.4.1"}
    assert post(client, cast.office, "capacity_create", supporter.pk, **typed).status_code == 302
    overlapping = post(client, cast.office, "capacity_create", supporter.pk, **typed | {"first_day": "R6.9.30"})
    assert "同じ役割の期間が重なっています" in words(overlapping)

    row = supporter.capacities.get()
    before = post(client, cast.office, "capacity_end", supporter.pk, row.pk, last_day="R6.3.31")
    assert "開始日以後の日付" in words(before)
    post(client, cast.office, "capacity_end", supporter.pk, row.pk, last_day="R6.9.29")
    stale = post(client, cast.staff, "capacity_edit", supporter.pk, row.pk, **typed, last_day="R7.3.31", revision=1)
    assert stale.status_code == 409
    assert "2024年9月29日" in stale.content.decode()
    assert (
        post(client, cast.office, "capacity_create", supporter.pk, **typed | {"first_day": "R6.9.30"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.last_day, supporter.capacities.count()) == (dt.date(2024, 9, 29), 2)


def test_who_never_held_a_capacity_is_deleted_and_who_did_is_not(client, cast):
    supporter = somebody(cast)
    assert "役割に終了日を入力してください" in words(get(client, cast.office, "supporter_delete", supporter.pk))
    assert post(client, cast.office, "supporter_delete", supporter.pk).status_code == 302
    assert Supporter.objects.filter(pk=supporter.pk).exists()

    row = supporter.capacities.get()
    post(client, cast.office, "capacity_remove", supporter.pk, row.pk)
    post(client, cast.office, "supporter_delete", supporter.pk)

    assert not Supporter.objects.exists()
    events = [(entry.kind, entry.act) for entry in search(Wanted(), user=cast.admin)[:]]
    assert ("支援者", "取消") in events


def test_the_audit_tells_who_changed_supporters_and_contacts(client, cast):
    supporter = write.create_supporter({"name": "伴走 花子"}, user=cast.office)
    post(client, cast.office, "supporter_edit", supporter.pk, name="伴走 花子", affiliation="新しい社", revision=1)
    post(client, cast.officer, "contact_create", organization=cast.town.pk, name="窓口 花子", first_day="R6.4.1")

    events = {(entry.kind, entry.act): entry for entry in search(Wanted(), user=cast.admin)[:]}

    assert events["支援者", "変更"].who.startswith("業務 支援")
    assert [change.new for change in events["支援者", "変更"].changes] == ["新しい社"]
    assert events["連絡先の担当者", "登録"].who.startswith("町 担当")
    assert not {"支援者", "連絡先の担当者"} & {entry.kind for entry in search(Wanted(), user=cast.stranger_staff)[:]}


def people(response) -> list[str]:
    return [person.name for _, person in response.context["rows"]]


def test_contacts_are_members_and_entries_of_the_towns_in_reach_on_a_day(client, cast):
    for town, name, last_day in (
        (cast.town, "窓口 花子", None),
        (cast.town, "前任 太郎", dt.date(2024, 9, 30)),
        (cast.neighbour, "隣の窓口", None),
    ):
        write.create_contact(town, {"name": name, "first_day": APRIL, "last_day": last_day}, user=cast.office)

    assert people(get(client, cast.officer, "contacts")) == ["町 担当", "町 承認", "町 閲覧", "窓口 花子"]
    assert people(get(client, cast.consultant, "contacts")) == people(get(client, cast.officer, "contacts"))
    assert "隣の窓口" in people(get(client, cast.office, "contacts"))
    assert people(get(client, cast.office, "contacts", q="隣の")) == ["隣の窓口"]
    assert "窓口 花子" not in people(get(client, cast.office, "contacts", organization=cast.neighbour.pk))
    assert "前任 太郎" in people(get(client, cast.officer, "contacts", day="R6.9.30"))
    assert people(get(client, cast.stranger_staff, "contacts")) == []
    head, *rows = cells_of(get(client, cast.officer, "contacts", format="xlsx"))
    assert (head[0], rows[-1][0], rows[-1][2], rows[-1][8]) == ("団体", "あさひ町", "窓口 花子", "なし")


def test_a_town_enters_changes_and_ends_its_own_contacts(client, cast):
    other = post(client, cast.officer, "contact_create", organization=cast.neighbour.pk, name="x", first_day="R6.4.1")
    assert other.status_code == 200
    assert not Contact.objects.exists()
    typed = {"name": "窓口 花子", "section": "税務課", "email": "ｚ＠example.jp", "first_day": "R6.4.1"}
    post(client, cast.officer, "contact_create", organization=cast.town.pk, **typed)
    contact = Contact.objects.get()
    assert (contact.organization, contact.email) == (cast.town, "z@example.jp")

    post(client, cast.staff, "contact_edit", contact.pk, **typed | {"section": "住民課"}, revision=1)
    stale = post(client, cast.officer, "contact_edit", contact.pk, **typed | {"section": "福祉課"}, revision=1)
    assert stale.status_code == 409
    assert "住民課" in stale.content.decode()
    assert 'value="福祉課"' in stale.content.decode()
    assert "開始日以後" in words(post(client, cast.officer, "contact_end", contact.pk, last_day="R6.3.31"))
    post(client, cast.officer, "contact_end", contact.pk, last_day="R6.9.30")

    contact.refresh_from_db()
    assert (contact.section, contact.last_day) == ("住民課", dt.date(2024, 9, 30))
    assert people(get(client, cast.officer, "contacts"))[-1] != "窓口 花子"


def test_lists_cost_the_same_for_one_row_and_for_three(client, cast):
    client.force_login(cast.office)

    assert_same_queries(lambda: client.get("/supporters/"), lambda number: somebody(cast, f"支援 {number}"))
    assert_same_queries(
        lambda: client.get("/contacts/"),
        lambda number: write.create_contact(cast.town, {"name": f"{number}", "first_day": APRIL}, user=cast.office),
    )


def test_the_handover_names_contacts_of_the_town_and_towns_left_with_who_has_ended(cast):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    supporter = somebody(cast, "去った 人", user=cast.consultant)
    write.create_contact(cast.town, {"name": "窓口 花子", "section": "税務課", "first_day": APRIL}, user=cast.officer)
    items = {section.title: section.items for section in sections(cast.office)}
    assert items["役割が終わった支援者に残っている担当団体"] == ()

    write.end_capacity(supporter.pk, supporter.capacities.get().pk, yesterday, user=cast.office)

    items = {section.title: section.items for section in sections(cast.office)}
    assert [(item.text, item.note) for item in items["役割が終わった支援者に残っている担当団体"]] == [
        ("去った 人", "担当団体 1：あさひ町")
    ]
    items = {section.title: section.items for section in sections(cast.officer)}
    assert [item.text for item in items["連絡先の担当者（アカウントのない人）"]] == ["あさひ町：税務課 窓口 花子"]


def test_a_prefecture_adds_its_own_capacities_and_takes_them_out_of_use(client, cast):
    for _ in range(2):
        page = post(client, cast.office, "capacity_add", name="デジタル相談員")
    assert "すでにあります" in words(page)
    assert "すでにあります" in words(post(client, cast.office, "capacity_add", name="講 師"))
    own = Capacity.objects.get(prefecture=cast.pref)
    supporter = somebody(cast, code=own.code)

    refused = post(client, cast.office, "capacity_change", own.pk, name="相談員", has_field="on", is_active="on")
    assert "分野の有無は変更できません" in words(refused)
    post(client, cast.office, "capacity_change", own.pk, name="相談員")

    offered = get(client, cast.office, "capacity_create", supporter.pk).context["form"].fields["capacity"].queryset
    assert own not in offered
    held = supporter.capacities.get()
    kept = get(client, cast.office, "capacity_edit", supporter.pk, held.pk).context["form"].fields["capacity"].queryset
    assert own in kept
    assert dict(get(client, cast.officer, "supporters").context["count"].capacities) == {"相談員": 1}
    assert own not in Capacity.objects.for_user(cast.stranger_staff)


def test_the_office_is_invited_like_everybody_and_gives_no_answers(client, cast):
    client.force_login(cast.admin)
    page = client.get(reverse("accounts:member_invite"))
    assert Role.SUPPORT_STAFF in dict(page.context["form"].fields["role"].choices)
    assert "業務スタッフ" in words(page)
