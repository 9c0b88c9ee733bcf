"""The regional sessions as a table: region, what was talked about, what came of it."""

from collections import defaultdict

from consultations.domain.statistics.content import CountTable, YearToDay
from consultations.domain.statistics.counts import bodies_of, held_in
from consultations.models import Topic
from dxportal.core.accounts.models import User

REGIONAL = "regional"


def regional_table(frame: YearToDay, user: User) -> CountTable:
    """One row a region: the bureaus that held sessions together; four queries, whatever their number."""
    sessions = held_in(frame, user).filter(kind__code=REGIONAL)
    bureaus: dict[int, list[tuple[int, str]]] = defaultdict(list)
    places = bodies_of(sessions).filter(organization__kind="bureau")
    for occasion, order, name in places.values_list("occasion", "organization__sort_order", "organization__name"):
        bureaus[occasion].append((order, name))
    occasion_of = dict(sessions.order_by("occasion__starts_at", "pk").values_list("pk", "occasion"))
    titles: dict[int, list[str]] = defaultdict(list)
    outcomes: dict[int, list[str]] = defaultdict(list)
    topics = Topic.objects.for_user(user).filter(session__in=sessions.values("pk")).order_by("position", "pk")
    for session, title, outcome in topics.values_list("session", "title", "outcome"):
        titles[session].append(title)
        if outcome:
            outcomes[session].append(outcome)
    regions: dict[tuple[tuple[int, str], ...], list[int]] = defaultdict(list)
    for session, occasion in occasion_of.items():
        regions[tuple(sorted(bureaus[occasion]))].append(session)
    rows = []
    for region, keys in sorted(regions.items()):
        name = "・".join(bureau.removesuffix("振興局") for _, bureau in region)
        themes = dict.fromkeys(title for key in keys for title in titles[key])
        results = dict.fromkeys(outcome for key in keys for outcome in outcomes[key])
        rows.append((f"{name}振興局" if name else "（振興局なし）", len(keys), "\n".join(themes), "\n".join(results)))
    header = ("振興局", "回数", "主な相談テーマ", "取組の成果")
    return CountTable(
        "regions", "地域別の相談の内容と成果", header, tuple(rows), "テーマは論点の題、成果は論点の結果です。"
    )
