import csv
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.tiers.rules import assess
from assessments.domain.tiers.scheme_file import parse_scheme
from dxportal.settings import BASE_DIR

DEFAULT, IS_DEFAULT = parse_scheme((BASE_DIR / "fixtures/schemes/priority.yaml").read_text(encoding="utf-8"))


def published_rows():
    """The 14 rows of the published table, 地域社会DX事例集 p.28."""
    lines = (BASE_DIR / "fixtures/demo/miyagi_scores.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_the_published_table_has_its_14_rows():
    assert len(published_rows()) == 14
    assert [row["priority"] for row in published_rows()].count("低") == 7


@pytest.mark.parametrize("row", published_rows(), ids=lambda row: f"row{row['row']}")
def test_the_default_scheme_reproduces_both_columns_of_the_published_table(row):
    result = assess(DEFAULT, {step: int(row[f"step{step}"]) for step in range(4)})

    assert result.level == row["priority"]
    assert set(result.supports) == set(filter(None, row["supports"].split("・")))


def test_one_set_of_thresholds_could_not_reproduce_the_table():
    rules = {rule.step: rule for rule in DEFAULT.steps}

    assert rules[1].priority_at_most != rules[1].support_at_most
    assert IS_DEFAULT


@pytest.mark.parametrize("rule", DEFAULT.steps, ids=lambda rule: f"step{rule.step}")
def test_a_score_on_the_threshold_is_a_deficit_and_one_just_above_is_not(rule):
    full = {0: 30, 1: 30, 2: 30, 3: 30}
    above = rule.priority_at_most + Fraction(1, 10**9)

    assert assess(DEFAULT, {**full, rule.step: rule.priority_at_most}).deficits == (rule.step,)
    assert assess(DEFAULT, {**full, rule.step: above}).deficits == ()
    assert assess(DEFAULT, {**full, rule.step: rule.support_at_most}).supports == (rule.support,)


def test_a_step_without_a_score_is_no_deficit():
    assert assess(DEFAULT, {0: 0, 2: 30}).deficits == (0,)


STEPS = st.fixed_dictionaries({step: st.fractions(0, 30) for step in range(4)})


@given(STEPS, st.integers(0, 3), st.fractions(0, 30))
def test_a_higher_step_score_never_raises_the_priority(scores, step, other):
    low, high = sorted((scores[step], other))
    worse, better = assess(DEFAULT, {**scores, step: low}), assess(DEFAULT, {**scores, step: high})

    assert set(better.deficits) <= set(worse.deficits)
    assert set(better.supports) <= set(worse.supports)
    assert "低中高".index(better.level) <= "低中高".index(worse.level)


@given(STEPS)
def test_the_level_is_the_number_of_deficits(scores):
    result = assess(DEFAULT, scores)

    assert result.level == "低中高"[min(len(result.deficits), 2)]
