import json
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestudies.domain.search.evaluation import (
    InvalidQueriesError,
    Judged,
    evaluate,
    marks_of,
    ndcg,
    parse,
    recall,
    reciprocal_rank,
)

ids = st.integers(0, 30).map("c{}".format)
judgements = st.dictionaries(ids, st.integers(1, 3), min_size=1, max_size=20)
rankings = st.lists(ids, unique=True, max_size=25)


def judged(**relevant: int) -> Judged:
    return Judged(1, "q", relevant)


@given(judgements, rankings)
def test_every_mark_lies_between_nothing_and_one(relevant, found):
    marks = marks_of(Judged(1, "q", relevant), found)
    assert 0 <= marks.ndcg <= 1 + 1e-12
    assert marks.recall is None or 0 <= marks.recall <= 1
    assert 0 <= marks.reciprocal_rank <= 1


@given(judgements)
def test_the_order_of_the_grades_is_perfect(relevant):
    best = sorted(relevant, key=relevant.get, reverse=True)
    assert math.isclose(ndcg(best, relevant), 1)
    assert recall(best, relevant) in (1.0, None)
    assert reciprocal_rank(best, relevant) == 1


@given(judgements, rankings, st.data())
def test_a_better_case_put_before_a_worse_one_never_lowers_the_gain(relevant, found, data):
    if len(found) < 2:
        return
    low, high = sorted(data.draw(st.lists(st.integers(0, len(found) - 1), min_size=2, max_size=2, unique=True)))
    swapped = [*found]
    swapped[low], swapped[high] = swapped[high], swapped[low]
    if relevant.get(found[high], 0) >= relevant.get(found[low], 0):
        assert ndcg(swapped, relevant) >= ndcg(found, relevant) - 1e-12


@given(judgements, rankings, rankings)
def test_what_stands_behind_the_tenth_counts_for_nothing(relevant, found, more):
    first = (found + ["x"] * 10)[:10]
    assert marks_of(Judged(1, "q", relevant), first + more) == marks_of(Judged(1, "q", relevant), first)


def test_gain_doubles_with_the_grade_and_fades_with_the_rank():
    assert ndcg(["b", "a"], {"a": 3, "b": 1}) == pytest.approx((1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3)))


def test_recall_counts_cases_of_grade_two_and_more():
    assert recall(["a", "c"], {"a": 3, "b": 2, "c": 1}) == 0.5
    assert recall(["c"], {"c": 1}) is None


def test_recall_asks_for_at_most_as_many_as_are_looked_at():
    many = {f"c{n}": 2 for n in range(15)}
    assert recall(list(many)[:10], many) == 1


def test_the_first_relevant_rank_is_taken_in_any_grade():
    assert reciprocal_rank(["x", "c", "a"], {"a": 3, "c": 1}) == 0.5
    assert reciprocal_rank(["x"], {"a": 3}) == 0


@pytest.mark.parametrize(("found", "right"), [((), 1.0), (("a",), 0.0)])
def test_a_query_without_a_relevant_case_is_right_when_nothing_is_found(found, right):
    marks = marks_of(judged(), found)
    assert (marks.ndcg, marks.recall, marks.reciprocal_rank) == (right, right, right)


def test_means_are_taken_over_all_queries_and_the_worst_come_first():
    queries = [Judged(1, "good", {"a": 3}), Judged(2, "bad", {"b": 3}), Judged(3, "faint", {"c": 1})]
    quality = evaluate(queries, {"good": ["a"], "bad": ["a"], "faint": ["x", "c"]}.get)
    assert quality.recall == 0.5
    assert quality.mrr == pytest.approx((1 + 0 + 0.5) / 3)
    assert [one.query.text for one in quality.worst(5)] == ["bad", "faint"]


def test_lines_are_read_with_their_numbers_and_grade_zero_is_not_relevant():
    queries = parse('{"q": "電子決裁", "relevant": {"a": 3, "b": 0}}\n\n{"q": "", "relevant": {}, "note": "空"}\n')
    assert [(one.line, one.text, dict(one.relevant)) for one in queries] == [(1, "電子決裁", {"a": 3}), (3, "", {})]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"q"',
        '{"relevant": {}}',
        '{"q": 1, "relevant": {}}',
        '{"q": "a"}',
        '{"q": "a", "relevant": ["b"]}',
        '{"q": "a", "relevant": {"b": 4}}',
        '{"q": "a", "relevant": {"b": true}}',
        '{"q": "a", "relevant": {"b": "3"}}',
        "[" * 100_000,
    ],
)
def test_a_faulty_line_is_named(line):
    with pytest.raises(InvalidQueriesError) as caught:
        parse(json.dumps({"q": "a", "relevant": {}}) + "\n" + line)
    assert [error.split(":")[0] for error in caught.value.errors] == ["2行目"]


def test_all_faulty_lines_are_told_at_once():
    with pytest.raises(InvalidQueriesError) as caught:
        parse("{\n[]\n")
    assert [error.split(":")[0] for error in caught.value.errors] == ["1行目", "2行目"]


def test_an_empty_file_is_an_error():
    with pytest.raises(InvalidQueriesError):
        parse("\n \n")


@given(st.text())
def test_any_text_is_read_or_refused(text):
    with suppress(InvalidQueriesError):
        assert parse(text)
