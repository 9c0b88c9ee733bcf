"""Ten years of sessions of a whole nation, written by the database itself: a row a line of SQL, no history."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench import nation
from bench.database import without_triggers
from consultations.domain.topics.index import digest
from consultations.models import Action, Remark, Session, SessionMemo, Topic
from consultations.models.topic_index import FIRST_KEY
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.occasions.domain.feeds import digest_of
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.occasions.models import Attendance, CalendarFeed, Occasion, OccasionBody, OccasionCount, OccasionKind
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.people.models import Supporter
from dxportal.core.taxonomy.models import Area
from dxportal.core.textsearch.vectors import Document, build
from dxportal.portal.enums import Measure
from dxportal.portal.models import PlanItem

YEARS = 10
CHARGES = 15  # towns of a consultant: two years of their monthly sessions are 360 events
PLAN_ROWS = 18
SECRET = "a-feed-of-the-bench"  # noqa: S105 -- of invented meetings
SUMMARIES = 300  # texts that are analysed; the topics take turns

SUBJECTS = (
    "窓口の予約",
    "電子申請",
    "文書管理",
    "職員研修",
    "業務改革",
    "情報システムの標準化",
    "生成AIの利用",
    "公共施設の予約",
)
MATTERS = ("の進め方", "で困っていること", "の委託の範囲", "の費用の見積り", "を広げる工夫", "の庁内での分担")
ENDS = (
    "三社から見積りを取りました。",
    "先に原課と流れを書き出しました。",
    "一つの課で試してから広げました。",
    "電話の件数が減りました。",
)


@dataclass(frozen=True, slots=True)
class Scale:
    """``towns`` × ``years`` × 12 sessions, each with one topic of three remarks and one action."""

    prefectures: int = nation.PREFECTURES
    towns: int = nation.MUNICIPALITIES
    years: int = YEARS


NATIONAL = Scale()
REDUCED = Scale(prefectures=3, towns=90, years=3)

OCCASIONS = """
INSERT INTO occasions_occasion (prefecture_id, title, starts_at, minutes, mode, place, address, agenda, state, uid,
    sequence, revision, created_at, updated_at)
SELECT t.prefecture_id, t.name || ' 月例', starts_at, 90, 'onsite', '庁舎 会議室', '', '前回からの宿題',
    CASE WHEN starts_at < now() THEN 'confirmed' ELSE 'planned' END, gen_random_uuid(), 0, 1, starts_at, starts_at
FROM organizations_organization t CROSS JOIN generate_series(0, %(months)s - 1) AS month CROSS JOIN LATERAL (
    SELECT %(first)s::timestamptz + make_interval(months => month, days => t.id::int %% 26, hours => t.id::int %% 7)
        AS starts_at
) AS moment WHERE t.kind = 'municipality' ORDER BY starts_at
"""
BODIES = """
INSERT INTO occasions_occasionbody (occasion_id, organization_id, name, section, role, position)
SELECT o.id, t.id, '', '', 'host', 0
FROM occasions_occasion o JOIN organizations_organization t ON t.kind = 'municipality' AND o.title = t.name || ' 月例'
"""
COUNTS = "INSERT INTO occasions_occasioncount (occasion_id, kind_id) SELECT id, %(kind)s FROM occasions_occasion"
ATTENDANCES = """
INSERT INTO occasions_attendance (occasion_id, supporter_id, name, capacity, section, how, persons, position)
SELECT o.id, s.id, '', '', '', 'venue', 1, 0
FROM occasions_occasion o JOIN people_supporter s ON s.prefecture_id = o.prefecture_id
"""
SESSIONS = """
INSERT INTO consultations_session (occasion_id, kind_id, record, decisions, requests, next_meeting, deliverable,
    revision, created_at, updated_at)
SELECT id, %(kind)s, repeat('原課と話し、進め方を確かめた。', 12), '来月までに見積りを取る。', '', '来月', '', 1, starts_at, starts_at
FROM occasions_occasion ORDER BY starts_at
"""
MEMOS = """
INSERT INTO consultations_sessionmemo (session_id, text, updated_at)
SELECT id, '担当者は交代したばかり。', created_at FROM consultations_session
"""
TOPICS = """
INSERT INTO consultations_topic (organization_id, session_id, origin, position, area_id, title, raised_by, outcome, audience,
    state, summary_title, summary, released_at, contact, revision, created_at, updated_at)
SELECT b.organization_id, s.id, 'session', 0, (%(areas)s::bigint[])[1 + s.id %% %(area_count)s], '論点', '担当課', '結果',
    'prefecture', CASE WHEN s.id %% 5 < 2 THEN 'released' ELSE 'noted' END, t.title, t.summary,
    CASE WHEN s.id %% 5 < 2 THEN s.created_at END, TRUE, 1, s.created_at, s.created_at
FROM consultations_session s JOIN occasions_occasionbody b ON b.occasion_id = s.occasion_id
    JOIN bench_summary t ON t.id = s.id %% %(summaries)s
"""
REMARKS = """
INSERT INTO consultations_remark (topic_id, kind, text, position, organization_id, by_name, created_at)
SELECT t.id, (ARRAY['trouble', 'know_how', 'decision'])[n], '見積りの取り方が分からない。', n, t.organization_id, '', t.created_at
FROM consultations_topic t CROSS JOIN generate_series(1, 3) AS n
"""
ACTIONS = """
INSERT INTO consultations_action (organization_id, title, detail, bearer, section, due_day, area_id, session_id, topic_id,
    state, result, closed_at, revision, created_at, updated_at)
SELECT organization_id, '見積りを取る', '', 'town', '', (created_at + interval '30 days')::date, area_id, session_id, id,
    CASE WHEN is_open THEN 'open' ELSE 'done' END, '', CASE WHEN is_open THEN NULL ELSE created_at + interval '20 days' END,
    1, created_at, created_at
FROM consultations_topic CROSS JOIN LATERAL (SELECT created_at > now() - interval '60 days' AS is_open) AS lately
"""
INDEX = """
INSERT INTO consultations_topicindex (topic_id, key, vector, facets, populations, kinds, prefectures, year, digest)
SELECT t.id, %(first_key)s + t.id, s.vector, ARRAY['areas:' || a.code, 'bureaus:' || o.parent_id, 'know_how:1',
    'years:' || year], ARRAY[coalesce(p.population, -1)], ARRAY['town'], ARRAY[f.name], year, s.digest
FROM consultations_topic t JOIN bench_summary s ON s.id = t.session_id %% %(summaries)s
    JOIN organizations_organization o ON o.id = t.organization_id JOIN organizations_organization f ON f.id = o.prefecture_id
    JOIN taxonomy_area a ON a.id = t.area_id
    LEFT JOIN organizations_profile p ON p.organization_id = o.id AND p.fiscal_year = %(newest)s
    CROSS JOIN LATERAL (
        SELECT extract(year FROM (t.created_at AT TIME ZONE 'Asia/Tokyo') - interval '3 months')::smallint AS year
    ) AS fiscal
WHERE t.state = 'released'
"""
MODELS = (Occasion, OccasionBody, OccasionCount, Attendance, Session, SessionMemo, Topic, Remark, Action)


def load(scale: Scale = NATIONAL) -> None:
    """Places and people of ``bench.nation``, and the meetings of so many years, this one the last."""
    prefectures, _ = nation.people(Random(nation.SEED), scale.prefectures, scale.towns)  # noqa: S311 -- invented data
    load_kinds()
    call_command("load_cases", verbosity=0)
    Supporter.objects.bulk_create(Supporter(prefecture=prefecture, name="伴走 花子") for prefecture in prefectures)
    values = _values(scale)
    with connection.cursor() as cursor:
        _summaries(cursor)
        with without_triggers(*MODELS):
            for statement in (OCCASIONS, BODIES, COUNTS, ATTENDANCES, SESSIONS, MEMOS, TOPICS, REMARKS, ACTIONS, INDEX):
                cursor.execute(statement, values)
                # What the next one joins is as large as it is by now.
                cursor.execute("ANALYZE")
    _consultant(prefectures[1])
    _plan(prefectures[1])


def _values(scale: Scale) -> dict[str, object]:
    today = timezone.localdate()
    first = bounds(fiscal_year_of(today) - scale.years + 1)[0]
    areas = list(Area.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "months": scale.years * 12,
        "first": timezone.make_aware(dt.datetime.combine(first, dt.time(9))),
        "kind": OccasionKind.objects.get(prefecture=None, code="monthly").pk,
        "areas": areas,
        "area_count": len(areas),
        "summaries": SUMMARIES,
        "first_key": FIRST_KEY,
        "newest": nation.YEARS[-1],
    }


def _summaries(cursor) -> None:
    cursor.execute("CREATE TEMP TABLE bench_summary (id int, title text, summary text, vector tsvector, digest text)")
    rng = Random(nation.SEED)  # noqa: S311 -- invented data
    for number in range(SUMMARIES):
        title = rng.choice(SUBJECTS) + rng.choice(MATTERS)
        summary = f"{title}について話しました。{''.join(rng.sample(ENDS, 3))}"
        vector = build(Document([("A", title), ("C", summary)])).literal
        row = [number, title, summary, vector, digest(title, summary)]
        cursor.execute("INSERT INTO bench_summary VALUES (%s, %s, %s, %s::tsvector, %s)", row)


def _consultant(prefecture: Organization) -> None:
    """In charge of as many towns as make a feed of 360 events."""
    user = User.objects.create(email="consultant@bench.example", name="伴走 太郎")
    membership = Membership.objects.create(
        user=user, organization=prefecture, role=Role.CONSULTANT, first_day=dt.date(2020, 4, 1)
    )
    towns = prefecture.members.municipalities()[:CHARGES]
    Assignment.objects.bulk_create(
        Assignment(membership=membership, organization=town, first_day=dt.date(2020, 4, 1)) for town in towns
    )
    CalendarFeed.objects.create(user=user, membership=membership, scope="all", secret_digest=digest_of(SECRET))


def _plan(prefecture: Organization) -> None:
    year = fiscal_year_of(timezone.localdate())
    PlanItem.objects.bulk_create(
        PlanItem(
            prefecture=prefecture,
            fiscal_year=year,
            order=number,
            section="相談",
            item=f"項目{number}",
            measure=Measure.MEETINGS if number % 2 else Measure.MUNICIPALITIES,
            kinds=["monthly"],
            target=360,
            unit="回",
        )
        for number in range(PLAN_ROWS)
    )
