"""Which cases a municipality is told of, and why."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from casestudies.domain.reading.fit import (
    KINDS,
    Candidate,
    Reader,
    Site,
    Weakness,
    people,
    recommend,
)

TOWN = Reader(8000, "town", "見本県")
FAR_CITY = Site(100_000, "city", "福島県")
AREAS = ("AI", "RPA", "計画", "体制")


def weak_step(step=2, gap="8.0"):
    return Weakness(f"ステップ{step}", Decimal(gap), "点", Fraction(Decimal(gap)) / 30, step=step)


def weak_area(area="AI", gap="15"):
    return Weakness(
        f"「{area}」の達成率", Decimal(gap), "ポイント", Fraction(Decimal(gap)) / 100, areas=frozenset({area})
    )


def case(source_id="001-p01", *, step=None, areas=(), sites=(FAR_CITY,)):
    return Candidate(source_id, f"題 {source_id}", step, frozenset(areas), tuple(sites))


def reason(weaknesses, candidate, reader=TOWN):
    (item,) = recommend(weaknesses, reader, [candidate], (), 5)
    return item.reason


def ids(found):
    return [item.source_id for item in found]


def test_a_weak_step_and_a_near_population_are_told():
    near = case(step=2, sites=[Site(5000, "city", "福島県")])
    assert reason([weak_step()], near) == "ステップ2が県平均より8.0点低く、人口規模が近い（0.5万人）ため"


def test_a_weak_area_alone_is_told_alone():
    assert reason([weak_area()], case(areas=["AI"])) == "「AI」の達成率が県平均より15ポイント低いため"


def test_kind_and_prefecture_are_told_where_they_are_the_same():
    weak = [weak_step()]
    assert reason(weak, case(step=2, sites=[Site(None, "town", "福島県")])) == (
        "ステップ2が県平均より8.0点低く、同じ町の取組であるため"
    )
    assert reason(weak, case(step=2, sites=[Site(90_000, "city", "見本県")])) == (
        "ステップ2が県平均より8.0点低く、同じ見本県の取組であるため"
    )
    assert reason(weak, case(step=2, sites=[Site(9000, "town", "見本県")])) == (
        "ステップ2が県平均より8.0点低く、人口規模が近く（0.9万人）、同じ見本県の町の取組であるため"
    )


def test_two_weaknesses_that_a_case_meets_are_told_the_worse_first():
    both = case(step=2, areas=["AI"])
    assert reason([weak_area(gap="9"), weak_step()], both) == (
        "ステップ2が県平均より8.0点、「AI」の達成率が県平均より9ポイント低いため"
    )


def test_without_a_weakness_only_those_alike_are_told_of():
    twin, stranger = case("a-1", sites=[Site(9000, "town", "福島県")]), case("a-2")
    (item,) = recommend([], TOWN, [stranger, twin], (), 5)
    assert (item.source_id, item.reason) == ("a-1", "人口規模（0.9万人）と団体の種類（町）が近いため")


def test_where_nothing_meets_a_weakness_those_alike_are_told_of_by_what_is_alike():
    near = case(sites=[Site(7000, "village", "福島県")])
    assert reason([weak_area()], near) == "人口規模が近い（0.7万人）ため"


def test_a_reader_of_unknown_population_is_never_told_that_one_is_near():
    unknown = Reader(None, "town", "見本県")
    assert reason([], case(sites=[Site(8000, "town", "福島県")]), unknown) == "同じ町の取組であるため"


def test_a_case_without_an_organisation_can_still_meet_a_weakness():
    assert reason([weak_step()], case(step=2, sites=[])) == "ステップ2が県平均より8.0点低いため"


def test_weaknesses_take_turns_instead_of_one_taking_all():
    many = [case(f"s-{n}", step=2, sites=[Site(8000 + n, "town", "福島県")]) for n in range(5)]
    few = [case("a-1", areas=["AI"]), case("r-1", areas=["RPA"])]
    weaknesses = [weak_step(), weak_area("AI", "9"), weak_area("RPA", "5")]
    assert ids(recommend(weaknesses, TOWN, [*many, *few], (), 5)) == ["s-0", "a-1", "r-1", "s-1", "s-2"]


def test_a_weakness_met_on_the_way_waits_for_the_next_round():
    double, single, other = case("d-1", step=2, areas=["AI"]), case("a-1", areas=["AI"]), case("r-1", areas=["RPA"])
    weaknesses = [weak_step(), weak_area("AI", "9"), weak_area("RPA", "5")]
    assert ids(recommend(weaknesses, TOWN, [single, other, double], (), 2)) == ["d-1", "r-1"]


def test_what_is_not_below_the_mean_is_no_weakness():
    assert recommend([weak_step(gap="0.0")], TOWN, [case(step=2)], (), 5) == []


def test_people_are_counted_in_ten_thousands():
    assert [people(n) for n in (312, 5000, 98_400, 1_882_000, 13_960_000)] == [
        "312人",
        "0.5万人",
        "9.8万人",
        "188万人",
        "1,396万人",
    ]


populations = st.none() | st.integers(1, 14_000_000)
kinds = st.sampled_from([*KINDS, "other"])
prefectures = st.sampled_from(["", "見本県", "福島県"])
sites = st.builds(Site, populations, kinds, prefectures)
readers = st.builds(Reader, populations, st.sampled_from(["city", "town", "village"]), prefectures)
candidate_lists = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 40).map("x-{}".format),
        st.just("題"),
        st.none() | st.integers(0, 3),
        st.frozensets(st.sampled_from(AREAS), max_size=3),
        st.lists(sites, max_size=2).map(tuple),
    ),
    max_size=12,
    unique_by=lambda item: item.source_id,
)
gaps = st.decimals(Decimal("-9.9"), Decimal("29.9"), places=1)
weakness_lists = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 3, *AREAS]), gaps).map(
        lambda pair: (weak_step if isinstance(pair[0], int) else weak_area)(pair[0], str(pair[1]))
    ),
    max_size=6,
    unique_by=lambda item: item.label,
)


@given(weakness_lists, readers, candidate_lists, st.sets(st.integers(1, 40).map("x-{}".format)), st.integers(0, 6))
def test_never_one_already_taken_up_never_twice_and_never_more_than_asked(weak, reader, found, taken, limit):
    shown = ids(recommend(weak, reader, found, taken, limit))
    assert not taken & set(shown)
    assert len(shown) == len(set(shown)) <= limit


@given(weakness_lists, readers, candidate_lists, st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(weak, reader, found, limit, random):
    before = recommend(weak, reader, found, (), limit)
    for item in (weak, found):
        random.shuffle(item)
    assert recommend(weak, reader, found, (), limit) == before


@given(
    weakness_lists,
    readers.filter(lambda item: item.population),
    candidate_lists,
    st.integers(1, 14_000_000),
    st.integers(1, 14_000_000),
    kinds,
    st.sampled_from([0, 1, 2, 3]),
    st.frozensets(st.sampled_from(AREAS)),
)
def test_a_nearer_one_is_never_below_an_otherwise_equal_farther_one(weak, reader, rest, one, other, kind, step, areas):
    def ratio(population):
        return Fraction(max(population, reader.population), min(population, reader.population))

    nearer, farther = sorted((one, other), key=ratio)
    pair = [
        case("z-near", step=step, areas=areas, sites=[Site(nearer, kind, "")]),
        case("a-far", step=step, areas=areas, sites=[Site(farther, kind, "")]),
    ]
    shown = ids(recommend(weak, reader, [*rest, *pair], (), 20))
    if "a-far" in shown and ratio(nearer) < ratio(farther):
        assert shown.index("z-near") < shown.index("a-far")


@given(weakness_lists, readers, candidate_lists, st.integers(1, 6))
def test_reasons_only_name_what_is_true(weak, reader, found, limit):
    by_id = {item.source_id: item for item in found}
    for shown in recommend(weak, reader, found, (), limit):
        candidate = by_id[shown.source_id]
        assert shown.reason.endswith("ため")
        for row in weak:
            if f"{row.label}が県平均より" in shown.reason:
                assert row.gap > 0
                assert row.step == candidate.step or row.areas & candidate.areas
                assert f"より{row.gap}{row.unit}" in shown.reason
        if "人口規模" in shown.reason:
            assert any(
                site.population
                and reader.population
                and site.population <= 2 * reader.population <= 4 * site.population
                for site in candidate.sites
            )
        if "同じ" in shown.reason or "団体の種類" in shown.reason:
            assert any(
                site.kind == reader.kind or (site.prefecture == reader.prefecture != "") for site in candidate.sites
            )
