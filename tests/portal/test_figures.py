"""The dashboard's figures over filtered rows, and the hiding of names: pure."""

import datetime as dt
import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.scores import aggregation
from assessments.domain.tiers import comparison
from assessments.domain.tiers.rules import TIERS
from dxportal.portal.domain.dashboard import hiding, narrowing
from dxportal.portal.domain.dashboard.content import Dashboard, DashboardFlow, DashboardTown, SectionMean, TierCount
from dxportal.portal.domain.dashboard.filters import DashboardFilter
from dxportal.portal.domain.surveys import Decision, SurveyHead, TierWords

HEAD = SurveyHead(
    id=1,
    prefecture_id=1,
    title="調査",
    year=2024,
    round="first",
    state="closed",
    opens_at=dt.datetime(2024, 4, 1, tzinfo=dt.UTC),
    closes_at=dt.datetime(2024, 5, 1, tzinfo=dt.UTC),
    closed=True,
    named=False,
    imported=False,
)
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


def dashboard_of(rows):
    """A dashboard over the rows, as ``dashboard.content`` computes it."""
    members = [
        DashboardTown(
            id=number,
            name=str(number),
            kana="",
            code=str(number),
            bureau="",
            bureau_id=row["bureau_id"],
            prefecture_id=1,
            tier=row["tier"],
            tier_last=row["tier_last"],
            total=sum(row["scores"], Fraction(0)) if row["scores"] else None,
            total_last=row["last"] if row["scores"] else None,
            cells=row["scores"] or (None, None),
        )
        for number, row in enumerate(rows, 1)
    ]
    now, before = ({town.id: getattr(town, name) for town in members} for name in ("tier", "tier_last"))
    counts, counts_last = comparison.tier_counts(now.values()), comparison.tier_counts(before.values())
    totals = [town.total for town in members if town.total is not None]
    sections = [[town.cells[at] for town in members if town.cells[at] is not None] for at in range(2)]
    return Dashboard(
        survey=HEAD,
        members=len(members),
        handed_in=len(members),
        scored_count=len(totals),
        maximum=60,
        run_as_of=None,
        decision=Decision("published", published=True),
        sections=tuple(
            SectionMean(str(at), str(at), None, 30, aggregation.mean(values), None)
            for at, values in enumerate(sections)
        ),
        mean=aggregation.mean(totals),
        mean_change=aggregation.mean(town.change for town in members if town.change is not None),
        last=None,
        means=(),
        tiers=tuple(TierCount(TierWords(tier, str(tier)), counts[tier], counts_last[tier]) for tier in TIERS),
        flows=tuple(
            DashboardFlow(flow.before, flow.after, len(flow.organizations), flow.organizations)
            for flow in comparison.movements(before, now)
        ),
        towns=tuple(members),
    )


@given(towns)
def test_a_filter_that_keeps_everybody_changes_no_figure(rows):
    dashboard = dashboard_of(rows)

    assert narrowing.part(dashboard, dashboard.towns) == narrowing.whole(dashboard)


@given(towns)
def test_what_is_stored_is_read_back_to_the_last_digit(rows):
    dashboard = dashboard_of(rows)

    stored = json.loads(json.dumps(dashboard.to_json()))

    assert Dashboard.from_json(stored) == dashboard


@given(towns)
def test_the_parts_add_up_to_the_whole(rows):
    dashboard = dashboard_of(rows)
    parts = [
        narrowing.part(dashboard, [town for town in dashboard.towns if DashboardFilter(bureau=bureau).keeps(town)])
        for bureau in (1, 2, 3)
    ]

    whole = narrowing.whole(dashboard)
    assert sum(part.count for part in parts) == whole.count
    assert sum(part.moved_up for part in parts) == whole.moved_up
    for at, tier in enumerate(whole.tiers):
        assert sum(part.tiers[at].count for part in parts) == tier.count


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
