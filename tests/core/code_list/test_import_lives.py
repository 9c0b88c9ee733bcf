"""The list of another year: towns that became cities, merged, were renamed or got another code."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from dxportal.core.organizations.domain.chains import read_lives
from dxportal.core.organizations.models import FormerName, Organization, Succession
from tests.support import factories as make
from tests.support.code_list import (
    FUKUOKA,
    HAMAMATSU,
    NAKAGAWA_CITY,
    NAKAGAWA_TOWN,
    SHIMIZU,
    SHIZUOKA,
    SHIZUOKA_CITY,
    SHIZUOKA_DESIGNATED,
    UMI,
    write_book,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 4, 1)
EVE = dt.date(2026, 3, 31)


@pytest.fixture
def bring(tmp_path):
    """Writes the rows to a file and imports it."""

    def bring(*rows, options=("--yes", "--day", "2026-04-01")):
        call_command("import_municipalities", str(write_book(tmp_path / "codes.xlsx", *rows)), *options)

    return bring


def everything():
    models = (Organization, FormerName, Succession)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_town_that_becomes_a_city_keeps_its_row_and_everything_on_it(bring):
    bring(FUKUOKA, NAKAGAWA_TOWN, UMI)
    town = Organization.objects.get(name="那珂川町")
    officer = make.make_user(town, "officer")

    bring(FUKUOKA, NAKAGAWA_CITY, UMI)

    town.refresh_from_db()
    assert (town.code, town.name, town.kana, town.municipality_kind) == ("402311", "那珂川市", "ナカガワシ", "city")
    assert officer.memberships.get().organization == town
    former = town.former_names.get()
    assert (former.code, former.name, former.last_day, former.kind) == ("403059", "那珂川町", EVE, "city")
    assert [place.name for place in Organization.objects.municipalities().living(DAY)] == ["那珂川市", "宇美町"]


def test_a_designated_city_keeps_its_row_and_the_city_that_went_into_it_ends(bring):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    city = Organization.objects.get(name="静岡市")
    merged = Organization.objects.get(name="清水市")

    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)

    city.refresh_from_db()
    merged.refresh_from_db()
    assert (city.code, city.former_names.get().code, merged.last_day) == ("221007", "222011", EVE)
    link = Succession.objects.get()
    assert (link.predecessor, link.successor, link.day, link.kind) == (merged, city, DAY, "merger")
    assert merged not in Organization.objects.living(DAY)
    assert merged in Organization.objects.living(EVE)
    assert merged in Organization.objects.ended(DAY)
    assert Organization.objects.count() == 4


def test_who_followed_can_be_said_otherwise_than_proposed(bring):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)

    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU, options=("--yes", "--successor", "222046=222020"))

    assert Succession.objects.get().successor.name == "浜松市"


def test_who_followed_can_be_said_later(bring):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU, options=("--yes", "--abolish", "222046", "--day", "2026-04-01"))

    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU, options=("--yes", "--successor", "222046=221007"))

    link = Succession.objects.get()
    assert (link.predecessor.name, link.successor.name, link.day) == ("清水市", "静岡市", DAY)


def test_one_can_be_kept_though_the_list_has_it_no_longer(bring):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)

    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU, options=("--yes", "--keep", "222046"))

    assert Organization.objects.get(name="清水市").last_day is None


def test_several_towns_make_a_new_one(bring):
    prefecture = ("300004", "和歌山県", None, "ﾜｶﾔﾏｹﾝ", None)
    old = [
        ("303828", "和歌山県", "南部町", "ﾜｶﾔﾏｹﾝ", "ﾐﾅﾍﾞﾁｮｳ"),
        ("303836", "和歌山県", "南部川村", "ﾜｶﾔﾏｹﾝ", "ﾐﾅﾍﾞｶﾞﾜﾑﾗ"),
    ]
    bring(prefecture, *old)

    bring(prefecture, ("303917", "和歌山県", "みなべ町", "ﾜｶﾔﾏｹﾝ", "ﾐﾅﾍﾞﾁｮｳ"))

    new = Organization.objects.get(name="みなべ町")
    assert new.first_day == DAY
    assert {link.predecessor.name for link in new.inheritances.all()} == {"南部町", "南部川村"}
    assert [place.name for place in Organization.objects.municipalities().living(DAY)] == ["みなべ町"]


def test_a_dry_run_shows_the_plan_and_stores_nothing(bring, capsys):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    before = everything()

    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU, options=("--dry-run",))

    assert everything() == before
    lines = capsys.readouterr().out
    assert "政令指定都市への移行：221007 静岡市（222011→221007）" in lines
    assert "一覧にない：222046 清水市（提案：221007 静岡市が承継）" in lines


@pytest.mark.parametrize(("answer", "names"), [("はい", ["那珂川市", "宇美町"]), ("", ["那珂川町", "宇美町"])])
def test_without_yes_it_asks_and_does_nothing_on_any_other_answer(bring, monkeypatch, answer, names):
    bring(FUKUOKA, NAKAGAWA_TOWN, UMI)
    monkeypatch.setattr("builtins.input", lambda _: answer)

    if answer:
        bring(FUKUOKA, NAKAGAWA_CITY, UMI, options=())
    else:
        with pytest.raises(CommandError, match="取り込みませんでした"):
            bring(FUKUOKA, NAKAGAWA_CITY, UMI, options=())

    assert [place.name for place in Organization.objects.municipalities()] == names


def test_the_same_list_again_changes_nothing(bring, capsys):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)
    before = everything()

    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)

    assert everything() == before
    assert "追加0、変更0、変更なし3" in capsys.readouterr().out


def test_the_list_of_the_year_before_brings_nothing_back(bring, capsys):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)
    before = everything()

    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)

    assert everything() == before
    assert "222011は221007 静岡市の前の団体コードです" in capsys.readouterr().out


def test_an_end_before_an_earlier_change_is_refused_and_nothing_of_the_list_is_stored(bring):
    bring(FUKUOKA, NAKAGAWA_TOWN, UMI)
    bring(FUKUOKA, NAKAGAWA_CITY, UMI)
    before = everything()

    with pytest.raises(CommandError, match="前の異動"):
        bring(FUKUOKA, UMI, options=("--yes", "--day", "2020-04-01"))

    assert everything() == before


def test_a_code_that_another_prefecture_holds_is_refused_with_its_holder(bring):
    other = make.make_prefecture("となり県")
    make.make_municipality(other, "よその町", code="402311")
    bring(FUKUOKA, NAKAGAWA_TOWN)

    with pytest.raises(CommandError, match="となり県のよその町"):
        bring(FUKUOKA, NAKAGAWA_CITY)


@pytest.mark.parametrize("option", [("--successor", "222046"), ("--successor", "222011=221007"), ("--day", "いつか")])
def test_an_option_that_says_nothing_sensible_is_refused_in_a_sentence(bring, option):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    before = everything()

    with pytest.raises(CommandError, match=r"指定|一覧から消えた|日付"):
        bring(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU, options=("--yes", *option))

    assert everything() == before


def test_a_town_may_go_into_one_of_another_prefecture_where_a_person_says_so(bring):
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU, FUKUOKA, UMI)
    town = Organization.objects.get(name="清水市")
    officer = make.make_user(town, "officer")

    # 那珂川市 is new in its list, and still isn't taken for the row of a town beyond the border.
    options = ("--yes", "--day", "2026-04-01", "--successor", "222046=402311")
    bring(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, FUKUOKA, NAKAGAWA_CITY, UMI, options=options)

    town.refresh_from_db()
    link = Succession.objects.get()
    assert (link.predecessor, link.successor.name, town.last_day) == (town, "那珂川市", EVE)
    assert (town.name, town.prefecture.name, link.successor.prefecture.name) == ("清水市", "静岡県", "福岡県")
    lives = read_lives([town.pk])
    assert lives.place_on(town.pk, EVE, DAY).shown == "清水市（現：福岡県那珂川市）"
    assert type(officer).objects.get(pk=officer.pk).acting.organization == town
