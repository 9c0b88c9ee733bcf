"""Means, tiers, peers, areas and the distributions of answers."""

import itertools
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.spec import (
    ChoiceSpec,
    Leaf,
    QuestionKind,
    QuestionnaireSpec,
    QuestionSpec,
    RowSpec,
    SectionSpec,
)
from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.scores import aggregation, results
from assessments.domain.tiers import comparison
from dxportal.core.organizations.domain.population import POPULATION_BANDS, band_of

LADDER = (ChoiceSpec("done", "策定済み", 10), ChoiceSpec("planned", "予定", 5), ChoiceSpec("none", "予定なし", 0))


def spec_of(*questions):
    sections = (SectionSpec("step0", "step", "ステップ0", 0, 30),)
    return QuestionnaireSpec("q", "1", 2024, "調査", sections, tuple(questions))


def question(code="1", kind=QuestionKind.SINGLE, **fields):
    values = {"choices": LADDER, "max_points": 10, "key": f"key-{code}", **fields}
    return QuestionSpec(code=code, kind=kind, section="step0", **values)


def respondents(spec, *sheets):
    return [results.respondent(spec, number, answers) for number, answers in enumerate(sheets, 1)]


def took(*codes):
    return AnswerValue(choices=codes)


sheets = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "1": st.sampled_from(["done", "planned", "none", "gone"]).map(took),
            "2": st.lists(st.sampled_from(["done", "planned", "none"]), unique=True).map(lambda codes: took(*codes)),
        },
    ),
    max_size=12,
)
POPULATIONS = st.dictionaries(st.integers(1, 40), st.none() | st.integers(0, 400_000), min_size=1, max_size=40)


@given(sheets)
def test_everybody_is_counted_once_as_answered_unanswered_or_not_asked(answers):
    spec = spec_of(question("1"), question("2", QuestionKind.MULTIPLE, condition=Leaf("1", ("done",))))
    everybody = respondents(spec, *answers)

    for result in results.all_results(spec, everybody):
        parts = [*result.answered, *result.unanswered, *result.hidden]

        assert sorted(parts) == [one.organization for one in everybody]
        assert result.asked == len(result.answered) + len(result.unanswered)


@given(sheets)
def test_a_single_choice_adds_up_to_the_answers(answers):
    spec = spec_of(question("1"))

    result = results.question_result(spec.question("1"), respondents(spec, *answers))

    assert sum(result.counts().values()) == len(result.answered)
    assert {who for option in result.options for who in option.organizations} == set(result.answered)


def test_a_question_not_asked_is_kept_apart_from_one_left_open():
    spec = spec_of(question("1"), question("2", condition=Leaf("1", ("done",))))
    everybody = respondents(spec, {"1": took("done"), "2": took("none")}, {"1": took("done")}, {"1": took("none")})

    result = results.all_results(spec, everybody)[1]

    assert (result.answered, result.unanswered, result.hidden) == ((1,), (2,), (3,))


def test_an_answer_to_a_question_that_is_not_shown_is_not_counted():
    spec = spec_of(question("1"), question("2", condition=Leaf("1", ("done",))))

    result = results.all_results(spec, respondents(spec, {"1": took("none"), "2": took("done")}))[1]

    assert result.counts() == {"done": 0, "planned": 0, "none": 0}


def test_choices_of_a_multiple_question_come_most_taken_first():
    spec = spec_of(question("1", QuestionKind.MULTIPLE))
    everybody = respondents(spec, {"1": took("none", "done")}, {"1": took("none")}, {"1": took("planned")})

    result = results.question_result(spec.question("1"), everybody)

    assert [(option.code, option.count) for option in result.by_count()] == [("none", 2), ("done", 1), ("planned", 1)]


def test_a_ladder_keeps_the_order_of_its_question():
    spec = spec_of(question("1"))

    result = results.question_result(spec.question("1"), respondents(spec, {"1": took("none")}))

    assert [option.code for option in result.by_count()] == ["done", "planned", "none"]


def test_a_ranking_counts_places_and_weights():
    spec = spec_of(question("1", QuestionKind.RANKING, weights=(3, 1)))
    everybody = respondents(spec, {"1": took("done", "none")}, {"1": took("none", "done")}, {"1": took("none")})

    result = results.question_result(spec.question("1"), everybody)

    first = result.by_count()[0]
    assert (first.code, first.points, first.by_rank) == ("none", 7, ((2, 3), (1,)))


def test_a_matrix_tells_each_row_and_who_left_it_open():
    rows = (RowSpec("a", "住民記録"), RowSpec("b", "税"))
    spec = spec_of(question("1", QuestionKind.MATRIX, rows=rows))
    everybody = respondents(
        spec, {"1": AnswerValue(rows=(("a", "done"), ("b", "none")))}, {"1": AnswerValue(rows=(("a", "done"),))}
    )

    first, second = results.question_result(spec.question("1"), everybody).rows

    assert [option.count for option in first.options] == [2, 0, 0]
    assert (second.answered, second.unanswered) == (1, (2,))


@given(st.lists(st.decimals(0, 1_000_000, places=2), min_size=1, max_size=40))
def test_a_histogram_holds_every_value_once_in_at_most_six_classes(numbers):
    summary = results.number_summary(list(enumerate(numbers, 1)))

    assert sum(len(one.organizations) for one in summary.bins) == len(numbers)
    assert len(summary.bins) <= results.MOST_BINS
    assert summary.minimum <= summary.median <= summary.maximum
    assert summary.minimum <= summary.mean <= summary.maximum


def test_mean_and_median_are_exact():
    summary = results.number_summary([(1, Decimal(1)), (2, Decimal(2)), (3, Decimal(4)), (4, Decimal(0))])

    assert (summary.mean, summary.median) == (Fraction(7, 4), Fraction(3, 2))


def test_answers_read_as_sentences_of_their_kind():
    rows = (RowSpec("a", "住民記録"), RowSpec("b", "税"))
    number = question("1", QuestionKind.NUMBER, unit="件")

    assert answer_lines(question(), took("done")) == ("策定済み",)
    assert answer_lines(question(kind=QuestionKind.RANKING, weights=(2, 1)), took("none", "done")) == (
        "1位：予定なし",
        "2位：策定済み",
    )
    assert answer_lines(number, AnswerValue(number=Decimal("1200.00"))) == ("1,200件",)
    assert answer_lines(number, AnswerValue(number=Decimal("12.50"))) == ("12.5件",)
    assert answer_lines(question(kind=QuestionKind.MATRIX, rows=rows), AnswerValue(rows=(("b", "none"),))) == (
        "税：予定なし",
    )
    assert answer_lines(question(), None) == ()


@given(st.lists(st.fractions(0, 210), min_size=1))
def test_a_mean_lies_between_its_values(values):
    found = aggregation.mean(values)

    assert min(values) <= found <= max(values)


def test_a_mean_of_nothing_is_nothing():
    assert aggregation.mean([]) is None


def test_bands_meet_without_gap_or_overlap():
    edges = [(band.low, band.high) for band in POPULATION_BANDS]

    assert edges[0][0] == 0
    assert edges[-1][1] is None
    assert all(high == low for (_, high), (low, _) in itertools.pairwise(edges))


@given(POPULATIONS)
def test_peers_are_others_of_the_band_or_the_nearest(populations):
    target = min(populations)

    peers = aggregation.peers_of(target, populations)

    assert target not in peers.organizations
    if peers.rule == "band":
        own = band_of(populations[target])
        assert len(peers.organizations) >= aggregation.FEWEST_PEERS
        assert {band_of(populations[one]) for one in peers.organizations} == {own}
    else:
        assert len(peers.organizations) <= aggregation.NEAREST_PEERS


def test_the_only_big_city_is_compared_with_the_five_nearest():
    populations = {1: 350_000, 2: 69_000, 3: 61_000, 4: 60_000, 5: 52_000, 6: 48_000, 7: 500}

    peers = aggregation.peers_of(1, populations)

    assert (peers.organizations, peers.rule) == ((2, 3, 4, 5, 6), "nearest")


@given(st.dictionaries(st.integers(1, 30), st.sampled_from([None, 1, 2, 3, 4])))
def test_tier_counts_hold_everybody_with_a_tier(tiers):
    counts = comparison.tier_counts(tiers.values())

    assert list(counts) == [4, 3, 2, 1]
    assert sum(counts.values()) == sum(tier is not None for tier in tiers.values())


tier_maps = st.dictionaries(st.integers(1, 30), st.sampled_from([None, 1, 2, 3, 4]))


@given(tier_maps, tier_maps)
def test_movements_hold_everybody_who_had_a_tier_both_times_once(before, after):
    flows = comparison.movements(before, after)

    both = sorted(one for one in after if after[one] and before.get(one))
    assert sorted(one for flow in flows for one in flow.organizations) == both
    assert all((before[one], after[one]) == (flow.before, flow.after) for flow in flows for one in flow.organizations)


def area_question(area, code, earned, possible=10):
    return aggregation.AreaQuestion(area, code, earned, possible)


def test_strengths_lie_above_the_mean_and_gaps_below():
    own = [area_question(f"分野{n}", f"q{n}", earned) for n, earned in enumerate((10, 8, 6, 4, 2, 0))]
    means = {f"q{n}": Fraction(5) for n in range(6)}

    standings = aggregation.area_shares(own, means, [f"分野{n}" for n in range(6)])
    strengths, gaps = aggregation.strengths_and_gaps(standings)

    assert [one.area for one in strengths] == ["分野0", "分野1", "分野2"]
    assert [one.area for one in gaps] == ["分野5", "分野4", "分野3"]
    assert strengths[0].difference == Fraction(1, 2)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10), st.fractions(0, 10)), max_size=30))
def test_no_area_is_both_strength_and_gap(rows):
    own = [area_question(f"分野{area}", str(n), earned) for n, (area, earned, _) in enumerate(rows)]
    means = {str(n): average for n, (_, _, average) in enumerate(rows)}
    standings = aggregation.area_shares(own, means, [f"分野{n}" for n in range(10)])

    strengths, gaps = aggregation.strengths_and_gaps(standings)

    assert not {one.area for one in strengths} & {one.area for one in gaps}
    assert len(strengths) <= 3 >= len(gaps)
    assert all(one.own > 0 for one in strengths)
    assert all(one.own < 1 for one in gaps)


def test_changes_follow_the_key_and_tell_the_direction():
    old = spec_of(question("1", key="plan"), question("2", key="cdo"), question("3", key="gone"))
    new = spec_of(question("9", key="plan"), question("2", key="cdo"), question("3", key="fresh"))
    before = results.respondent(old, 1, {"1": took("none"), "2": took("done"), "3": took("done")})
    after = results.respondent(new, 1, {"9": took("done"), "2": took("done"), "3": took("none")})

    found = aggregation.changes(new, after, old, before)

    assert [(one.code, one.before, one.after, one.direction) for one in found] == [
        ("9", ("予定なし",), ("策定済み",), 1)
    ]


def test_of_a_changed_matrix_only_the_changed_rows_are_told():
    rows = (RowSpec("a", "住民記録"), RowSpec("b", "税"), RowSpec("c", "国保"))
    spec = spec_of(question("1", QuestionKind.MATRIX, rows=rows))
    before = results.respondent(spec, 1, {"1": AnswerValue(rows=(("a", "done"), ("b", "none")))})
    after = results.respondent(spec, 1, {"1": AnswerValue(rows=(("a", "done"), ("b", "planned"), ("c", "done")))})

    (found,) = aggregation.changes(spec, after, spec, before)

    assert (found.before, found.after) == (("税：予定なし",), ("税：予定", "国保：策定済み"))
