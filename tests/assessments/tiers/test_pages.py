import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.domain.tiers import computation
from assessments.domain.tiers.moves import adjust
from assessments.models import Classification, ClassificationRun, Survey, TierAssignment
from dxportal.core.jobs.models import Job
from tests.support import factories as make
from tests.support.tiers import FULL, SOME, hand_in

HIDDEN_FROM_TOWNS = ("ゆうひ町", "体制が整った", "18.0")


def put_at(world, step, *, names_hidden=True):
    published = dt.datetime(2024, 12, 1, tzinfo=dt.UTC) if step == "published" else None
    Classification.objects.update(
        step=step, published_at=published, names_hidden=names_hidden, decided_on=dt.date(2024, 11, 30)
    )
    world.classification.refresh_from_db()


def card_of(world, response):
    return ClassificationRun.objects.get(in_force=True).cards.get(organization=response.organization)


def url(world, name="tiers", *args):
    return reverse(f"assessments:{name}", args=[world.survey.pk, *args])


@pytest.fixture
def adjusted(computed, cast):
    put_at(computed, "hearing")
    row = TierAssignment.objects.get(organization=computed.some.organization)
    adjust(row.pk, tier=3, reason="体制が整った", revision=1, user=cast.staff)
    computed.row = TierAssignment.objects.get(pk=row.pk)
    return computed


def test_before_a_run_the_board_offers_one(client, cast, world):
    client.force_login(cast.staff)
    page = client.get(url(world)).text
    assert "まだ算定されていません" in page

    response = client.post(url(world, "classification_run"))

    assert response.status_code == 302
    assert Job.objects.get().created_by == cast.staff
    assert "順番を待っています" in client.get(url(world)).text


def test_the_board_shows_columns_with_meaning_and_support(client, cast, adjusted):
    client.force_login(cast.staff)
    response = client.get(url(adjusted))

    columns = [
        (column.band.name, [row.organization.name for row in column.rows]) for column in response.context["columns"]
    ]
    assert columns == [("共創", ["あさひ町"]), ("協働", ["ゆうひ町"]), ("支援", []), ("関与", [])]
    for words in ("共創の意味", "協働の内容", "体制が整った", "調整", "小さな基準 第1版"):
        assert words in response.text


def test_the_table_is_filtered_and_sorted_by_its_address(client, cast, adjusted):
    hand_in(adjusted.survey, make.make_municipality(cast.bureau, "ひる町"), {}, state="in_progress")
    client.force_login(cast.staff)

    def names(**query):
        return [row.organization.name for row in client.get(url(adjusted), query).context["rows"]]

    assert names(sort="-total") == ["あさひ町", "ゆうひ町", "ひる町"]
    assert names(sort="total") == ["ひる町", "ゆうひ町", "あさひ町"]
    assert names(tier="3") == ["ゆうひ町"]
    assert names(tier="none") == ["ひる町"]
    assert names(adjusted="1") == ["ゆうひ町"]
    assert names(bureau=cast.bureau.pk) == ["あさひ町", "ひる町"]
    assert names(bureau="x", sort="nonsense", tier="9") == ["あさひ町", "ゆうひ町", "ひる町"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_needs_the_same_queries_for_any_number(client, cast, world, count, django_assert_max_num_queries):
    for _ in range(count):
        hand_in(world.survey, make.make_municipality(cast.bureau), SOME)
    computation.classify(world.survey.pk)
    client.force_login(cast.staff)
    with django_assert_max_num_queries(16):
        response = client.get(url(world))
    assert len(response.context["rows"]) == count + 2


def test_bureau_staff_and_consultants_see_their_own_municipalities_only(client, cast, computed):
    for who in ("bureau_staff", "consultant"):
        client.force_login(getattr(cast, who))
        page = client.get(url(computed))
        assert [row.organization.name for row in page.context["rows"]] == ["あさひ町"]
        assert "ゆうひ町" not in page.text
        assert "算定し直す" not in page.text


@pytest.mark.parametrize("step", ["computed", "hearing", "proposed"])
@pytest.mark.parametrize("who", ["officer", "approver", "viewer"])
def test_municipalities_see_nothing_before_publication(client, cast, adjusted, step, who):
    put_at(adjusted, step)
    client.force_login(getattr(cast, who))

    page = client.get(url(adjusted))

    assert "まだ公表されていません" in page.text
    for words in (*HIDDEN_FROM_TOWNS, "60.0", "共創の意味", "小さな基準"):
        assert words not in page.text
    assert client.get(reverse("assessments:score_card", args=[card_of(adjusted, adjusted.full).pk])).status_code == 404
    years = client.get(reverse("assessments:organization_tiers", args=[cast.town.pk]))
    assert "分類はまだありません" in years.text
    assert "60.0" not in years.text
    for name in ("tiers_export", "priority", "priority_export", "tiers_movement", "tiers_trial"):
        assert client.get(url(adjusted, name)).status_code == 403
    assert client.get(reverse("assessments:tier_adjust", args=[adjusted.row.pk])).status_code == 404


def test_after_publication_a_municipality_sees_its_own_tier_with_its_meaning(client, cast, adjusted):
    put_at(adjusted, "published")
    client.force_login(cast.officer)

    page = client.get(url(adjusted)).text

    for words in ("共創の意味", "共創の内容", "60.0点"):
        assert words in page
    for words in HIDDEN_FROM_TOWNS:
        assert words not in page
    assert client.get(reverse("assessments:score_card", args=[card_of(adjusted, adjusted.full).pk])).status_code == 200
    assert client.get(reverse("assessments:score_card", args=[card_of(adjusted, adjusted.some).pk])).status_code == 404
    assert client.get(reverse("assessments:organization_tiers", args=[cast.neighbour.pk])).status_code == 404
    assert client.get(url(adjusted, "tiers_export")).status_code == 403


def test_the_reason_of_an_adjustment_is_not_for_the_municipality(client, cast, adjusted):
    put_at(adjusted, "published")
    client.force_login(cast.neighbour_officer)

    for address in (
        url(adjusted),
        reverse("assessments:score_card", args=[card_of(adjusted, adjusted.some).pk]),
        reverse("assessments:organization_tiers", args=[cast.neighbour.pk]),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert "体制が整った" not in page.text
        assert "協働" in page.text


def test_names_are_shown_to_others_only_when_the_prefecture_publishes_them(client, cast, computed):
    client.force_login(cast.officer)
    put_at(computed, "published", names_hidden=True)
    assert "ゆうひ町" not in client.get(url(computed)).text
    put_at(computed, "published", names_hidden=False)
    assert "ゆうひ町" in client.get(url(computed)).text


def test_a_withdrawn_publication_is_gone_for_the_municipality(client, cast, computed):
    put_at(computed, "published")
    client.force_login(cast.admin)
    response = client.post(url(computed, "tiers_step", "proposed"), {"from_step": "published", "comment": ""})
    assert response.status_code == 200
    assert "＊この項目は入力が必須です。" in response.text

    client.post(url(computed, "tiers_step", "proposed"), {"from_step": "published", "comment": "集計の誤り"})

    client.force_login(cast.officer)
    assert "まだ公表されていません" in client.get(url(computed)).text


def test_publishing_asks_first_and_names_what_follows(client, cast, computed):
    put_at(computed, "proposed")
    client.force_login(cast.staff)
    assert client.get(url(computed, "tiers_step", "published")).status_code == 403
    client.force_login(cast.admin)
    page = client.get(url(computed, "tiers_step", "published")).text
    assert "2団体の市町村が、自団体の分類" in page

    data = {"from_step": "proposed", "decided_on": "令和6年11月30日", "names": "hidden", "comment": ""}
    assert client.post(url(computed, "tiers_step", "published"), data).status_code == 302

    computed.classification.refresh_from_db()
    assert (computed.classification.step, computed.classification.decided_on) == ("published", dt.date(2024, 11, 30))


def test_a_step_that_does_not_follow_leads_back(client, cast, computed):
    client.force_login(cast.admin)
    assert client.get(url(computed, "tiers_step", "published")).status_code == 302
    assert client.get(url(computed, "tiers_step", "nonsense")).status_code == 404


def test_a_tier_is_adjusted_from_its_page_and_a_stale_form_keeps_what_was_typed(client, cast, adjusted):
    client.force_login(cast.admin)
    address = reverse("assessments:tier_adjust", args=[adjusted.row.pk])
    stale = client.post(address, {"tier": "4", "reason": "別の理由", "revision": 1})
    assert stale.status_code == 409
    assert "先に変更しました" in stale.text
    assert "別の理由" in stale.text
    assert 'name="revision" value="2"' in stale.text

    assert client.post(address, {"tier": "4", "reason": "", "revision": 2}).status_code == 200
    assert client.post(address, {"tier": "4", "reason": "別の理由", "revision": 2}).status_code == 302
    adjusted.row.refresh_from_db()
    assert (adjusted.row.tier, adjusted.row.reason) == (4, "別の理由")


def test_a_trial_names_who_would_move_and_saves_nothing(client, cast, computed):
    client.force_login(cast.staff)
    before = list(TierAssignment.objects.values())

    page = client.get(url(computed, "tiers_trial"), {"tier_4": "５９．５", "tier_3": "18", "tier_2": "10"})

    assert "試算中：確定していません" in page.text
    moved = [
        (row.organization.name, movement.before.name, movement.after.name) for row, movement in page.context["moved"]
    ]
    assert moved == [("ゆうひ町", "支援", "協働")]
    assert list(TierAssignment.objects.values()) == before
    assert not Job.objects.exists()
    assert Survey.objects.get().tier_scheme == computed.survey.tier_scheme


@pytest.mark.parametrize(
    "query",
    [{"tier_4": "10", "tier_3": "20", "tier_2": "5"}, {"tier_4": "x", "tier_3": "", "tier_2": "5"}, {"tier_4": "61"}],
)
def test_thresholds_that_cannot_be_are_told_with_what_was_typed(client, cast, computed, query):
    client.force_login(cast.staff)
    page = client.get(url(computed, "tiers_trial"), query)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "trial" not in page.context
    for value in query.values():
        assert f'value="{value}"' in page.text or not value


def test_tried_thresholds_are_kept_by_the_admin_only(client, cast, computed):
    limits = {"tier_4": "50", "tier_3": "18", "tier_2": "10"}
    client.force_login(cast.staff)
    assert client.get(url(computed, "tiers_thresholds"), limits).status_code == 403
    assert client.post(url(computed, "tiers_thresholds"), limits).status_code == 403
    client.force_login(cast.admin)
    assert "ゆうひ町" in client.get(url(computed, "tiers_thresholds"), limits).text

    assert client.post(url(computed, "tiers_thresholds"), limits).status_code == 302

    computed.survey.refresh_from_db()
    assert [band["minimum"] for band in computed.survey.tier_scheme.data["bands"]] == ["50", "18", "10", "0"]
    assert Job.objects.get().params == {"survey_id": computed.survey.pk}


def test_a_card_explains_every_question(client, cast, computed):
    client.force_login(cast.staff)
    page = client.get(reverse("assessments:score_card", args=[card_of(computed, computed.some).pk]))

    lines = {line.question.code: line for _, lines in page.context["sections"] for line in lines}
    assert (lines["1-1"].answer, lines["1-1"].earned, lines["1-1"].possible) == (("予定がある",), 6, 10)
    assert lines["0-2"].note.startswith("対象外")
    assert lines["1-2"].note == "未回答"
    for words in ("予定がある", "対象外", "未回答", "支援の意味"):
        assert words in page.text


def test_the_board_as_a_workbook_reads_back(client, cast, adjusted):
    client.force_login(cast.staff)
    book = load_workbook(io.BytesIO(client.get(url(adjusted, "tiers_export"), {"format": "xlsx"}).content))

    assert book.sheetnames == ["支援分類", "段階の履歴", "注記"]
    rows = [[cell.value for cell in row] for row in book["支援分類"].iter_rows()]
    header, first, second = rows
    assert first[header.index("団体名")] == "あさひ町"
    line = dict(zip(header, second, strict=True))
    assert (line["分類"], line["分類名"], line["算定の分類名"], line["調整の理由"]) == (
        3,
        "協働",
        "支援",
        "体制が整った",
    )
    assert (line["総合点"], line["満点"], line["ステップ1（30点満点）"]) == (18, 60, 18)
    notes = [row[2].value for row in book["注記"].iter_rows()]
    assert any("協働の意味" in str(note) for note in notes)


@pytest.mark.parametrize(("kind", "encoding"), [("csv", "utf-8-sig"), ("csv-sjis", "cp932")])
def test_the_board_as_csv(client, cast, adjusted, kind, encoding):
    client.force_login(cast.staff)
    text = client.get(url(adjusted, "tiers_export"), {"format": kind, "tier": "3"}).content.decode(encoding)
    assert text.splitlines()[0].startswith("団体コード,団体名")
    assert "ゆうひ町" in text
    assert "あさひ町" not in text


def test_movement_names_who_went_where(client, cast, computed):
    put_at(computed, "published")
    later = make.make_survey(
        cast.pref,
        computed.survey.questionnaire,
        tier_scheme=computed.survey.tier_scheme,
        fiscal_year=2025,
        opens_at=computed.survey.opens_at + dt.timedelta(days=1),
    )
    hand_in(later, cast.town, SOME)
    hand_in(later, cast.neighbour, FULL)
    new = hand_in(later, make.make_municipality(cast.bureau, "あらた町"), FULL)
    computation.classify(later.pk)
    client.force_login(cast.staff)

    page = client.get(reverse("assessments:tiers_movement", args=[later.pk]))

    cells = {
        (old.name, band.name): [place.name for place in places]
        for old, row in page.context["grid"]
        for band, places in row
        if places
    }
    assert cells == {("共創", "支援"): ["あさひ町"], ("支援", "共創"): ["ゆうひ町"]}
    assert page.context["moved"] == {"up": 1, "down": 1, "same": 0}
    assert page.context["newcomers"] == [new.organization]
    years = client.get(reverse("assessments:organization_tiers", args=[cast.town.pk]))
    assert [year.tier_name for year in years.context["years"]] == ["支援", "共創"]


PAGES = ("tiers", "tiers_trial", "tiers_movement", "tiers_export", "priority", "priority_export")


@pytest.mark.parametrize("name", PAGES)
def test_strangers_find_nothing(client, cast, computed, name):
    client.force_login(cast.stranger_staff)
    assert client.get(url(computed, name)).status_code == 404


@pytest.mark.parametrize("who", ["pref_viewer", "bureau_staff", "consultant", "officer"])
def test_others_neither_run_nor_try_nor_move(client, cast, computed, who):
    client.force_login(getattr(cast, who))
    assert client.post(url(computed, "classification_run")).status_code == 403
    assert client.get(url(computed, "tiers_trial")).status_code == 403
    assert client.post(url(computed, "tiers_step", "hearing"), {"from_step": "computed"}).status_code == 403
    assert not Job.objects.exists()
    assert Classification.objects.get().step == "computed"


def test_no_run_is_queued_by_get_or_while_tiers_are_decided(client, cast, computed):
    client.force_login(cast.staff)
    assert client.get(url(computed, "classification_run")).status_code == 405
    put_at(computed, "proposed")
    assert client.post(url(computed, "classification_run")).status_code == 302
    assert not Job.objects.exists()
