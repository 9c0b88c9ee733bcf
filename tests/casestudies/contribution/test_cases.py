import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casestudies.domain.content import (
    Content,
    FigurePart,
    LinkPart,
    OrganizationPart,
    as_json,
    differences,
    from_json,
    missing,
)
from casestudies.domain.contribution import moves, write
from casestudies.domain.contribution.history import of_case
from casestudies.models import Case, CaseFigure
from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.domain import life_changes
from dxportal.core.organizations.models import Succession
from dxportal.core.workflow.errors import NotPossible, Overtaken
from tests.support import factories as make


def test_a_municipality_writes_a_draft_of_its_own_with_a_readable_number(cast, full):
    case = write.create(full, user=cast.officer)

    assert (case.state, case.organization, case.prefecture) == ("draft", cast.town, cast.pref)
    assert case.source_id.startswith(f"{cast.town.code}-")
    assert case.source_id.endswith("-01")
    assert write.content_of(case) == full
    assert case.places.get(role="main").organization == cast.town


def test_numbers_count_on_and_a_deleted_ones_is_not_given_again(cast, full):
    first = write.create(full, user=cast.officer)
    write.delete(first.pk, user=cast.officer)

    second = write.create(replace(full, title="別の題"), user=cast.officer)

    assert (first.source_id[-3:], second.source_id[-3:]) == ("-01", "-02")


def test_a_double_click_makes_one_case(cast, full):
    assert write.create(full, user=cast.officer).pk == write.create(full, user=cast.officer).pk
    assert Case.objects.count() == 1


def test_a_consultants_draft_is_the_consultants_alone(cast, full):
    case = write.create(full, user=cast.consultant)

    may = [person for person, user in vars(cast).items() if hasattr(user, "email")
           and Case.objects.for_user(user).filter(pk=case.pk).exists()]  # fmt: skip

    assert may == ["consultant"]
    assert case.source_id.startswith(f"{cast.pref.code or f'x{cast.pref.pk}'}-")


@pytest.mark.parametrize("leaving", ["membership ended", "account deleted"])
def test_a_departed_consultants_draft_is_the_prefectures_to_finish_or_delete(cast, full, leaving):
    case = write.create(full, user=cast.consultant)
    if leaving == "account deleted":
        Case.objects.filter(pk=case.pk).update(author=None)
    else:
        Membership.objects.filter(user=cast.consultant).update(last_day=timezone.localdate() - dt.timedelta(days=1))
        cast.consultant = User.objects.get(pk=cast.consultant.pk)  # whom they act as is remembered

    may = [person for person, user in vars(cast).items() if hasattr(user, "email")
           and Case.objects.for_user(user).filter(pk=case.pk).exists()]  # fmt: skip

    assert sorted(may) == ["admin", "staff"]
    case = write.change(case.pk, replace(full, issue="県が書き足した課題"), user=cast.staff, revision=case.revision)
    assert moves.possible_moves(case, cast.staff) == {"publish"}
    write.delete(case.pk, user=cast.admin)
    assert not Case.objects.exists()


@pytest.mark.parametrize("person", ["viewer", "pref_viewer", "bureau_staff", "nobody"])
def test_readers_write_nothing(cast, full, person):
    with pytest.raises((PermissionDenied, AttributeError)):
        write.create(full, user=getattr(cast, person))


def test_a_stale_save_is_refused_and_tells_what_is_stored(cast, full):
    case = write.create(full, user=cast.officer)
    seen = case.revision
    write.change(case.pk, replace(full, issue="先に保存した課題"), user=cast.approver, revision=seen)

    with pytest.raises(Overtaken) as error:
        write.change(case.pk, replace(full, issue="後から保存した課題"), user=cast.officer, revision=seen)

    assert write.content_of(error.value.current).issue == "先に保存した課題"
    assert Case.objects.get(pk=case.pk).issue == "先に保存した課題"


def test_the_same_save_twice_is_no_conflict(cast, full):
    case = write.create(full, user=cast.officer)
    changed = replace(full, areas=("ai",), figures=())

    for _ in range(2):
        write.change(case.pk, changed, user=cast.officer, revision=case.revision)

    assert write.content_of(Case.objects.get(pk=case.pk)) == changed


def test_a_change_raises_the_revision_and_the_index_follows(cast, full):
    case = write.create(full, user=cast.officer)

    changed = write.change(case.pk, replace(full, links=()), user=cast.officer, revision=case.revision)

    assert changed.revision > case.revision
    assert changed.index.revision == changed.revision


def test_the_history_tells_only_what_changed(cast, full):
    case = write.create(full, user=cast.officer)
    before = set(told_of(case))
    figures = (replace(full.figures[0], value=60),)

    write.change(
        case.pk,
        replace(full, title="新しい題", figures=figures, links=(), areas=("ai",)),
        user=cast.officer,
        revision=case.revision,
    )

    assert set(told_of(case)) - before == {
        ("変更", "事例", "題名", "窓口の予約を始めた", "新しい題"),
        ("取消", "事例の分野", "分野", "手続のオンライン化", ""),
        ("変更", "事例の数値・費用", "値", "50%", "60%"),
        ("取消", "事例の関連アドレス", "表示名", "町の案内", ""),
        ("取消", "事例の関連アドレス", "アドレス", "https://example.lg.jp/yoyaku", ""),
    }


def told_of(case):
    return [
        (item.act, item.kind, change.label, change.old, change.new)
        for item in of_case(case)[0:200]
        for change in item.changes
    ]


def test_somebody_elses_case_is_not_changed(cast, full):
    case = write.create(full, user=cast.officer)

    for user in (cast.neighbour_officer, cast.staff, cast.stranger_staff, cast.viewer, cast.consultant):
        with pytest.raises(PermissionDenied):
            write.change(case.pk, replace(full, title="よそから"), user=user, revision=case.revision)


def test_an_organization_of_another_prefecture_is_named_but_an_invented_one_is_not_tied(cast, full):
    cast.other_town.fictional = True
    cast.other_town.save()
    places = (
        *full.organizations,
        OrganizationPart("よその町", "town", prefecture="となり県"),
        OrganizationPart("存在しない村", "village"),
    )

    case = write.create(replace(full, organizations=places), user=cast.officer)

    tied = list(case.places.filter(role="main").values_list("name", "organization"))
    assert tied == [("あさひ町", cast.town.pk), ("よその町", None), ("存在しない村", None)]


def test_only_a_draft_that_was_never_public_is_deleted(cast, write_case):
    public = write_case(cast.officer, staff=cast.staff, state="archived")
    waiting = write_case(cast.officer, state="in_review", title="待っている")

    with pytest.raises(PermissionDenied):
        write.delete(waiting.pk, user=cast.officer)
    with pytest.raises(NotPossible, match="下書きのほかは"):
        write.delete(public.pk, user=cast.staff)
    from casestudies.domain.contribution import moves  # noqa: PLC0415

    moves.make_move(public.pk, "restore", user=cast.officer)
    with pytest.raises(NotPossible, match="公開したことのある"):
        write.delete(public.pk, user=cast.officer)


def test_missing_names_what_a_review_needs(full):
    assert missing(full) == []
    assert missing(Content(title="題だけ")) == ["要約", "取組団体", "取組の区分", "分野", "取組の内容"]


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
places = st.builds(
    OrganizationPart,
    name=words,
    kind=words,
    population=st.none() | st.integers(0, 10**9),
    population_date=st.none() | st.dates(),
)
figures = st.builds(
    FigurePart, value=st.decimals(allow_nan=False, allow_infinity=False, places=4), meaning=words, unit=words
)
contents = st.builds(
    Content,
    title=words,
    summary=words,
    step=st.none() | st.integers(0, 3),
    areas=st.lists(words).map(tuple),
    organizations=st.lists(places, max_size=3).map(tuple),
    figures=st.lists(figures, max_size=3).map(tuple),
    links=st.lists(st.builds(LinkPart, label=words, url=words), max_size=3).map(tuple),
)


@given(contents)
def test_what_is_kept_as_json_comes_back_the_same(content):
    kept = as_json(content)

    assert from_json(kept) == content
    assert differences(content, from_json(kept)) == []


@given(contents, contents)
def test_differences_name_exactly_the_items_that_differ(old, new):
    results = {difference.name for difference in differences(old, new)}

    assert results == {name for name in Content.__slots__ if getattr(old, name) != getattr(new, name)}


def test_a_figure_in_the_database_has_no_trailing_zeros_in_words(cast, full):
    case = write.create(full, user=cast.officer)
    stored = CaseFigure.objects.get(case=case, kind="cost")

    assert str(stored.value) == "1200000.0000"
    (change,) = differences(full, replace(write.content_of(case), costs=()))
    assert change.old == "導入費：1,200,000円"


def test_after_a_merger_the_successors_people_finish_a_draft_and_take_nothing_over_from_beyond_the_border(cast, full):
    case = write.create(full, user=cast.officer)
    day = timezone.localdate()
    city = make.make_municipality(cast.bureau, "まんなか市", first_day=day)
    life_changes.record_end(cast.town.pk, [city], day=day, kind="merger", user=cast.admin)
    writer, stranger = make.make_user(city, "officer"), make.make_user(cast.neighbour, "officer")

    for user in (writer, User.objects.get(pk=cast.officer.pk)):
        assert Case.objects.editable_by(user).filter(pk=case.pk).exists()
        assert "submit" in moves.possible_moves(case, user)
    assert not Case.objects.for_user(stranger).filter(pk=case.pk).exists()

    Succession.objects.update(successor=cast.other_town)
    beyond = make.make_user(cast.other_town, "officer")
    assert Case.objects.for_user(beyond).filter(pk=case.pk).exists()
    for user in (beyond, User.objects.get(pk=cast.officer.pk)):
        assert not Case.objects.editable_by(user).filter(pk=case.pk).exists()
        assert not moves.possible_moves(case, user)
