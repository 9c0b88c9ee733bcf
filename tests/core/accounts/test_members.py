import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from dxportal.core.accounts.domain import assignments, handover, year_end
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Assignment, Invitation, Membership
from dxportal.core.organizations.models import Organization
from tests.support import factories as make

pytestmark = pytest.mark.django_db
USERS = (
    "anonymous", "nobody", "stranger_staff", "neighbour_officer", "consultant", "viewer", "officer", "bureau_staff",
    "staff", "admin",
)  # fmt: skip
ADMIN_OF_TOWN = (302, 403, 404, 404, 404, 403, 403, 404, 403, 200)
ADMIN_ONLY = (302, 403, 200, 403, 403, 403, 403, 403, 403, 200)
ACCESS = {
    "member_list": (302, 403, 200, 200, 403, 200, 200, 200, 200, 200),
    "member_detail": (302, 403, 404, 404, 403, 200, 200, 404, 200, 200),
    "member_change": ADMIN_OF_TOWN,
    "member_end": ADMIN_OF_TOWN,
    "member_extend": ADMIN_OF_TOWN,
    "member_add": ADMIN_OF_TOWN,
    "assignment_edit": (302, 403, 404, 404, 403, 404, 404, 404, 403, 200),
    "member_invite": ADMIN_ONLY,
    "year_end": ADMIN_ONLY,
    "invitation_list": (302, 403, 200, 403, 403, 403, 403, 403, 200, 200),
    "invitation_revoke": (302, 403, 404, 404, 404, 404, 404, 404, 403, 200),
    "profile": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "handover": (302, 403, 200, 200, 200, 200, 200, 200, 200, 200),
}
POSTS = {  # what a POST by someone without the right answers
    "invitation_resend": (302, 403, 404, 404, 404, 404, 404, 404, 403, 302),
    "invitation_revoke": (302, 403, 404, 404, 404, 404, 404, 404, 403, 302),
    "member_end": (302, 403, 404, 404, 404, 403, 403, 404, 403, 200),
    "year_end": (302, 403, 200, 403, 403, 403, 403, 403, 403, 200),
}


@pytest.fixture
def invitation(cast):
    return Invitation.objects.create(
        email="new@example.jp",
        name="新 太郎",
        organization=cast.town,
        role=Role.OFFICER,
        first_day=timezone.localdate(),
        token_digest="0" * 64,
        expires_at=timezone.now() + dt.timedelta(days=7),
        invited_by=cast.admin,
    )


def address(name, cast, invitation):
    if name.startswith("invitation_re"):
        return reverse(f"accounts:{name}", args=[invitation.pk])
    if name == "assignment_edit":
        return reverse(f"accounts:{name}", args=[cast.consultant.memberships.get().pk])
    if name.startswith("member_") and name not in ("member_list", "member_invite"):
        return reverse(f"accounts:{name}", args=[cast.officer.memberships.get().pk])
    return reverse(f"accounts:{name}")


def answers(client, cast, ask):
    seen = {}
    for who in USERS:
        client.logout()
        if who != "anonymous":
            client.force_login(getattr(cast, who))
        seen[who] = ask().status_code
    return seen


@pytest.mark.parametrize(("name", "expected"), ACCESS.items())
def test_who_reaches_which_page(client, cast, invitation, name, expected):
    seen = answers(client, cast, lambda: client.get(address(name, cast, invitation)))

    assert seen == dict(zip(USERS, expected, strict=True))


@pytest.mark.parametrize(("name", "expected"), POSTS.items())
def test_who_may_act(client, cast, invitation, name, expected):
    seen = answers(client, cast, lambda: client.post(address(name, cast, invitation)))

    assert seen == dict(zip(USERS, expected, strict=True))


def listed(client, **query):
    return [row.user.name for row in client.get(reverse("accounts:member_list"), query).context["rows"]]


def test_staff_see_the_prefecture_and_officers_their_own_organisation(client, cast):
    client.force_login(cast.staff)
    everybody = set(listed(client))
    client.force_login(cast.officer)

    assert {"県 管理子", "局 職員", "町 担当", "隣 担当", "伴走 花子"} < everybody
    assert "他県 管理" not in everybody
    assert set(listed(client)) == {"町 担当", "町 承認", "町 閲覧"}


def test_filters_narrow_the_list(client, cast):
    ended = make.make_user(
        cast.town, Role.VIEWER, name="去年 の人", last_day=timezone.localdate() - dt.timedelta(days=1)
    )
    coming = make.make_user(
        cast.town, Role.VIEWER, name="来月 の人", first_day=timezone.localdate() + dt.timedelta(days=9)
    )
    client.force_login(cast.admin)

    assert listed(client, state="ended") == [ended.name]
    assert listed(client, state="coming") == [coming.name]
    assert set(listed(client, organization=cast.town.pk)) == {"町 担当", "町 承認", "町 閲覧"}
    assert set(listed(client, role=Role.APPROVER)) == {"町 承認", "隣 承認"}
    assert ended.name not in listed(client)
    assert ended.name in listed(client, state="all")


@pytest.mark.parametrize("typed", ["花子", "はなこ", "ﾊﾅｺ", "ハナコ"])
def test_a_search_meets_name_and_kana_in_any_writing(client, cast, typed):
    cast.consultant.kana = "バンソウ ハナコ"
    cast.consultant.save()
    client.force_login(cast.admin)

    assert listed(client, q=typed) == ["伴走 花子"]


@pytest.mark.parametrize(
    "typed",
    [
        "渡辺花子",
        "渡邉 花子",
        "渡邉\U000e0101花子",
        "渡邊",
        "わたなべはなこ",
        "ワタナベ　ハナコ",
        "ﾜﾀﾅﾍﾞﾊﾅｺ",
        "ｗａｔａｎａｂｅ＠",
    ],
)
def test_a_search_meets_old_and_new_kanji_and_kana_without_its_space(client, cast, typed):
    cast.consultant.name = "渡邉\U000e0101　花子"
    cast.consultant.kana = "ワタナベ ハナコ"
    cast.consultant.email = "watanabe@example.jp"
    cast.consultant.save()
    client.force_login(cast.admin)

    assert listed(client, q=typed) == [cast.consultant.name]


@pytest.mark.parametrize(
    ("name", "typed"), [("髙橋 一", "高橋"), ("高橋 一", "髙橋"), ("齋藤 一", "斉藤"), ("斉藤 一", "齊藤")]
)
def test_families_are_found_by_either_form(client, cast, name, typed):
    cast.consultant.name = name
    cast.consultant.save()
    client.force_login(cast.admin)

    assert listed(client, q=typed) == [name]


def test_a_search_costs_no_query_more_than_the_list(client, cast, django_assert_num_queries):
    client.force_login(cast.admin)
    url = reverse("accounts:member_list")
    client.get(url)
    with CaptureQueriesContext(connection) as plain:
        client.get(url)
    with django_assert_num_queries(len(plain)):
        client.get(url, {"q": "子"})


@pytest.mark.parametrize("query", [{"organization": "x"}, {"role": "king"}, {"sort": "password"}, {"state": "?"}])
def test_nonsense_in_the_address_is_ignored(client, cast, query):
    client.force_login(cast.staff)

    assert set(listed(client, **query)) == set(listed(client))


def test_an_organisation_of_another_prefecture_filters_nothing_in(client, cast):
    client.force_login(cast.admin)

    assert "他県 管理" not in listed(client, organization=cast.other_pref.pk, state="all")


def test_the_list_sorts_by_its_headers(client, cast):
    for name, kana in (("県 管理子", "ア"), ("県 職員", "ン")):
        user = Membership.objects.get(user__name=name).user
        user.kana = kana
        user.save()
    client.force_login(cast.admin)

    rising, falling = listed(client, sort="name"), listed(client, sort="-name")

    assert rising[-2:] == ["県 管理子", "県 職員"]
    assert falling[0] == "県 職員"


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_asks_equally_often_for_few_and_many(client, cast, item_count, django_assert_num_queries):
    for _ in range(item_count):
        make.make_user(cast.town, Role.OFFICER)
    client.force_login(cast.staff)
    client.get(reverse("accounts:member_list"))

    with django_assert_num_queries(7):
        response = client.get(reverse("accounts:member_list"), {"organization": cast.town.pk})

    assert len(response.context["rows"]) == item_count + 3


def test_the_workbook_holds_what_the_filter_shows(client, cast):
    client.force_login(cast.admin)

    response = client.get(reverse("accounts:member_list"), {"format": "xlsx", "organization": cast.town.pk})

    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("氏名", "カナ", "メールアドレス")
    assert {row[0] for row in rows[1:] if row[0]} == {"町 担当", "町 承認", "町 閲覧"}


def test_a_refusal_of_the_rules_comes_back_on_the_form(client, cast):
    client.force_login(cast.admin)
    own = cast.admin.memberships.get()

    response = client.post(reverse("accounts:member_end", args=[own.pk]), {"last_day": "令和8年12月1日"})

    assert "自分の県管理者" in response.context["form"].non_field_errors()[0]
    assert 'value="令和8年12月1日"' in response.content.decode()


def test_a_person_gets_a_second_membership(client, cast):
    client.force_login(cast.admin)
    values = {"organization": cast.neighbour.pk, "role": Role.APPROVER, "first_day": "2026/4/1", "last_day": ""}

    client.post(reverse("accounts:member_add", args=[cast.officer.memberships.get().pk]), values)

    added = cast.officer.memberships.get(organization=cast.neighbour)
    assert (added.role, added.first_day, added.last_day) == (Role.APPROVER, dt.date(2026, 4, 1), None)


def test_the_year_end_asks_with_the_count_before_it_extends(client, cast):
    due = Membership.objects.filter(user__in=(cast.officer, cast.approver))
    due.update(last_day=year_end.year_end())
    client.force_login(cast.admin)
    chosen = {"memberships": [item.pk for item in due], "action": "extend"}

    question = client.post(reverse("accounts:year_end"), chosen)
    untouched = set(due.values_list("last_day", flat=True))
    client.post(reverse("accounts:year_end"), chosen | {"confirmed": "1"})

    following = year_end.year_end(year_end.year_end() + dt.timedelta(days=1))
    assert "2人の所属" in question.content.decode()
    assert untouched == {year_end.year_end()}
    assert set(due.values_list("last_day", flat=True)) == {following}


def test_the_year_end_lists_those_of_31_march_and_those_without_an_end(client, cast):
    Membership.objects.update(last_day=year_end.year_end() + dt.timedelta(days=400))
    Membership.objects.filter(user=cast.officer).update(last_day=year_end.year_end())
    Membership.objects.filter(user=cast.viewer).update(last_day=None)
    client.force_login(cast.admin)

    response = client.get(reverse("accounts:year_end"))

    assert {item.user for item in response.context["due"]} == {cast.officer, cast.viewer}


def test_the_year_end_needs_a_choice(client, cast):
    client.force_login(cast.admin)

    response = client.post(reverse("accounts:year_end"), {"action": "extend", "confirmed": "1"})

    assert set(response.context["form"].errors) == {"memberships"}


def test_the_charge_of_a_consultant_is_exactly_what_is_ticked(client, cast):
    client.force_login(cast.admin)
    membership = cast.consultant.memberships.get()
    assert list(Organization.objects.for_user(cast.consultant)) == [cast.town]

    client.post(reverse("accounts:assignment_edit", args=[membership.pk]), {"municipalities": [cast.neighbour.pk]})

    assert list(Organization.objects.for_user(cast.consultant)) == [cast.neighbour]
    past = Assignment.objects.get(organization=cast.town)
    assert past.last_day == timezone.localdate() - dt.timedelta(days=1)


def test_a_consultant_gets_no_town_of_another_prefecture(client, cast):
    client.force_login(cast.admin)
    membership = cast.consultant.memberships.get()

    response = client.post(
        reverse("accounts:assignment_edit", args=[membership.pk]), {"municipalities": [cast.other_town.pk]}
    )

    assert set(response.context["form"].errors) == {"municipalities"}
    assert list(Organization.objects.for_user(cast.consultant)) == [cast.town]


def test_ticking_twice_and_taking_back_on_one_day_leaves_no_trace(cast):
    membership = cast.consultant.memberships.get()

    first = assignments.assign(membership.pk, [cast.town.pk, cast.neighbour.pk], user=cast.admin)
    again = assignments.assign(membership.pk, [cast.town.pk, cast.neighbour.pk], user=cast.admin)
    assignments.assign(membership.pk, [cast.town.pk], user=cast.admin)

    assert (first, again) == ((1, 0), (0, 0))
    assert list(membership.assignments.values_list("organization", flat=True)) == [cast.town.pk]


def test_the_profile_keeps_kana_and_telephone_in_one_writing(client, cast):
    client.force_login(cast.officer)
    values = {"name": "髙橋 𠮷子", "kana": "たかはし ﾖｼｺ", "phone": "０７３－４４１－００００", "extension": "１２３"}

    response = client.post(reverse("accounts:profile"), values)

    assert response.status_code == 302
    cast.officer.refresh_from_db()
    assert (cast.officer.name, cast.officer.kana) == ("髙橋 𠮷子", "タカハシ ヨシコ")
    assert (cast.officer.phone, cast.officer.extension) == ("073-441-0000", "123")


def test_the_profile_never_changes_the_mail_address(client, cast):
    client.force_login(cast.officer)
    before = cast.officer.email

    client.post(reverse("accounts:profile"), {"name": "町 担当", "email": "other@example.jp"})

    cast.officer.refresh_from_db()
    assert cast.officer.email == before


def test_the_handover_shows_predecessors_and_what_other_floors_add(client, cast, monkeypatch):
    make.make_user(cast.town, Role.OFFICER, name="前任 者", last_day=timezone.localdate() - dt.timedelta(days=40),
                   first_day=timezone.localdate() - dt.timedelta(days=400))  # fmt: skip
    item = handover.HandoverItem("令和6年度調査の回答", "/responses/1/", "入力中 42／66問")
    monkeypatch.setattr(handover, "_providers", dict(handover._providers))
    handover.register("test", lambda _: handover.HandoverSection("途中の回答", (item,)))
    client.force_login(cast.officer)

    page = client.get(reverse("accounts:handover")).content.decode()

    assert all(word in page for word in ("前任 者", "途中の回答", "令和6年度調査の回答", "入力中 42／66問"))
    assert "隣 担当" not in page


def test_the_year_end_leaves_those_without_an_end_out_of_an_extension(client, cast):
    without, with_end = cast.viewer.memberships.get(), cast.officer.memberships.get()
    Membership.objects.filter(pk=with_end.pk).update(last_day=year_end.year_end())
    client.force_login(cast.admin)
    act = {"action": "extend", "confirmed": "1"}

    alone = client.post(reverse("accounts:year_end"), act | {"memberships": [without.pk]})
    client.post(reverse("accounts:year_end"), act | {"memberships": [without.pk, with_end.pk]})

    assert "延長は要りません" in alone.content.decode()
    without.refresh_from_db()
    with_end.refresh_from_db()
    assert without.last_day is None
    assert with_end.last_day > year_end.year_end()


def test_a_refusal_at_the_year_end_names_the_person(client, cast):
    client.force_login(cast.admin)
    chosen = [cast.officer.memberships.get().pk, cast.admin.memberships.get().pk]

    response = client.post(reverse("accounts:year_end"), {"action": "end", "confirmed": "1", "memberships": chosen})

    assert response.context["form"].non_field_errors()[0].startswith("県 管理子：自分の県管理者")
    assert not Membership.objects.filter(pk__in=chosen, last_day__isnull=False).exists()


def test_a_consultant_hands_over_to_consultants_only(client, cast):
    client.force_login(cast.consultant)

    page = client.get(reverse("accounts:handover")).content.decode()

    assert "伴走 花子" in page
    assert "県 職員" not in page


def test_the_state_invited_leads_to_the_invitations_for_those_who_may_see_them(client, cast):
    client.force_login(cast.staff)
    staff = client.get(reverse("accounts:member_list"), {"state": "invited"})
    client.force_login(cast.officer)
    officer = client.get(reverse("accounts:member_list"), {"state": "invited"})

    assert staff["Location"] == reverse("accounts:invitation_list")
    assert officer.status_code == 200
    assert "招待中" not in officer.content.decode()
