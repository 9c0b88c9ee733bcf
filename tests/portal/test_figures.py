"""The dashboard's figures over filtered rows, and the hiding of names: pure."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.scores import aggregation
from assessments.domain.tiers import comparison
from dxportal.portal.domain import figures, hiding
from dxportal.portal.domain.board import pair
from dxportal.portal.domain.filters import BoardFilter

scores = st.fractions(0, 30, max_denominator=7)
towns = st.lists(
    st.fixed_dictionaries(
        {
            "scores": st.none() | st.tuples(scores, scores),
            "last": st.none() | scores,
            "tier": st.sampled_from([None, 1, 2, 3, 4]),
            "tier_last": st.sampled_from([None, 1, 2, 3, 4]),
            "bureau_id": st.integers(1, 3),
        }
    ),
    max_size=12,
)


def board_of(rows):
    """A snapshot's data over the rows, as ``domain.board`` computes it."""
    made = []
    for number, row in enumerate(rows, 1):
        given_scores = row["scores"]
        total = sum(given_scores, Fraction(0)) if given_scores else None
        made.append(
            {
                "id": number,
                "tier": row["tier"],
                "tier_last": row["tier_last"],
                "bureau_id": row["bureau_id"],
                "band": "",
                "total": pair(total, 60),
                "total_last": pair(row["last"]) if total is not None else None,
                "cells": [pair(one, 30) for one in given_scores] if given_scores else [None, None],
            }
        )
    now, before = ({one["id"]: one[key] for one in made} for key in ("tier", "tier_last"))
    totals = [figures.exact(one["total"]) for one in made if one["total"]]
    both = [
        figures.exact(one["total"]) - figures.exact(one["total_last"])
        for one in made
        if one["total"] and one["total_last"]
    ]
    return {
        "towns": made,
        "scored_count": len(totals),
        "mean": pair(aggregation.mean(totals)),
        "mean_change": pair(aggregation.mean(both)),
        "sections": [
            {
                "code": str(at),
                "title": str(at),
                "worth": 30,
                "mean_last": None,
                "mean": pair(aggregation.mean(figures.exact(one["cells"][at]) for one in made if one["cells"][at])),
            }
            for at in range(2)
        ],
        "tiers": [
            {"tier": tier, "name": str(tier), "count": count, "last": last}
            for (tier, count), last in zip(
                comparison.tier_counts(now.values()).items(),
                comparison.tier_counts(before.values()).values(),
                strict=True,
            )
        ],
        "flows": [
            {"before": one.before, "after": one.after, "ids": list(one.organizations), "count": len(one.organizations)}
            for one in comparison.movements(before, now)
        ],
    }


@given(towns)
def test_a_filter_that_keeps_everybody_changes_no_figure(rows):
    data = board_of(rows)

    assert figures.part(data, data["towns"]) == figures.whole(data)


@given(towns)
def test_the_parts_add_up_to_the_whole(rows):
    data = board_of(rows)
    parts = [
        figures.part(data, [one for one in data["towns"] if BoardFilter(bureau=bureau).keeps(one)])
        for bureau in (1, 2, 3)
    ]

    whole = figures.whole(data)
    assert sum(one.count for one in parts) == whole.count
    assert sum(one.moved_up for one in parts) == whole.moved_up
    for at, tier in enumerate(whole.tiers):
        assert sum(one.tiers[at]["count"] for one in parts) == tier["count"]


@given(st.sets(st.integers(1, 10_000), max_size=60), st.text(min_size=1, max_size=8))
def test_stand_in_names_are_one_each_and_the_same_every_time(ids, secret):
    labels = hiding.stand_ins(ids, secret)

    assert len(set(labels.values())) == len(ids)
    assert labels == hiding.stand_ins(sorted(ids, reverse=True), secret)


def test_another_secret_gives_another_order():
    ids = range(30)

    assert hiding.stand_ins(ids, "a") != hiding.stand_ins(ids, "b")
    assert list(hiding.stand_ins(ids, "a")) != list(ids)


def test_letters_go_on_after_z():
    assert [hiding.letters(at) for at in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_group_is_too_small_from_either_side(part, rest):
    hidden = hiding.too_small(part, part + rest)

    assert hidden == (part < 3 or rest in (1, 2))
