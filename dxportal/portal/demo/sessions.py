"""What was said in the demo's meetings: their sessions, what was promised there, and the topics that towns share.

Written beside meetings that are there, those of the version before included; a meeting that has its session is left as
it is. Every text is ours and of fictional towns, apart from the four dated meetings of the Saitama group, which are facts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from consultations.domain.topics import index
from consultations.enums import ActionMove, ActionState, RemarkKind, TopicMove, TopicState
from consultations.models import Action, ActionTransition, Remark, Session, SkippedMonth, Topic, TopicTransition
from dxportal.core.occasions.domain.days import TOKYO
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.occasions.domain.write import store
from dxportal.core.occasions.enums import BodyRole, OccasionState
from dxportal.core.occasions.models import Occasion, OccasionKind
from dxportal.core.organizations.fiscal import bounds
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.taxonomy.models import Area
from dxportal.portal.demo import support
from dxportal.portal.demo.world import read

OFFICE = "業務 支"
WEEKDAYS = "月火水木金土日"
KINDS = ("monthly", "special_hearing_first", "regional", "field", "leaders")
# What the towns after the first two have of the first matters: each state of the path once.
PATH = (TopicState.SHOWN, TopicState.OBJECTED, TopicState.HELD)
OBJECTION = "団体が分かってしまう数字を、幅のある書き方に直してほしい。"
HOLDING = "来年度の予算が決まるまで公開を待つ。"


@dataclass(slots=True)
class Matter:
    """A matter of a session: ``stage`` 0 begins it, 1 goes on, 2 ends it. ``summary``: title and text for other towns."""

    area: str
    title: str
    stage: int
    say: str
    decide: str
    town: Organization
    section: str = ""
    trouble: str = ""
    outcome: str = ""
    summary: tuple[str, str] = ("", "")
    state: TopicState = TopicState.NOTED


@dataclass(slots=True)
class Account:
    """What a session's row says, and what hangs on it."""

    occasion: Occasion
    kind: str
    record: str
    decisions: str
    requests: str = ""
    next_meeting: str = ""
    promises: list[tuple[Organization, str, list[str]]] = field(default_factory=list)
    topics: list[Matter] = field(default_factory=list)


@transaction.atomic
def load(prefecture: Organization) -> bool:
    """Beside meetings of the demo that have no session yet. Whether there was any."""
    occasions = meetings_without_session(prefecture)
    if not occasions:
        return False
    data = read("sessions.yaml")
    towns = list(prefecture.members.municipalities().order_by("sort_order"))
    write(Writer(data, towns).accounts(occasions))
    by_name = {town.name: town for town in towns}
    SkippedMonth.objects.bulk_create(
        [
            SkippedMonth(
                organization=by_name[row["town"]],
                month=row["month"],
                reason=row["reason"],
                note=row["note"],
                by_name=row["town"],
            )
            for row in data["skips"]
        ],
        ignore_conflicts=True,
    )
    return True


def meetings_without_session(prefecture: Organization) -> list[Occasion]:
    """Only meetings that the demo itself made: what somebody entered there is nobody's to fill."""
    towns = list(prefecture.members.municipalities().order_by("sort_order"))
    drafts = support.drafts(prefecture, towns)
    known = {(draft.title, draft.starts_at) for draft in drafts}
    rows = Occasion.objects.filter(prefecture=prefecture, session__isnull=True).between(*bounds(support.YEAR))
    rows = rows.of_kind(*KINDS).took_place().prefetch_related("counts__kind", "bodies__organization")
    return [row for row in rows.order_by("starts_at", "pk") if (row.title, row.starts_at) in known]


# --- what is said


class Writer:
    """Turns the texts of the file into accounts; which town talks of which matter follows from its place in the list."""

    def __init__(self, data: dict[str, Any], towns: Sequence[Organization]):
        self.data = data
        self.place = {town.pk: place for place, town in enumerate(towns)}
        self.seen: dict[str, int] = defaultdict(int)
        self.rounds: dict[str, int] = defaultdict(int)

    def accounts(self, occasions: Sequence[Occasion]) -> list[Account]:
        coming: dict[int, list[dt.datetime]] = defaultdict(list)
        monthly = [row for row in occasions if "monthly" in codes_of(row)]
        for row in monthly:
            coming[towns_of(row)[0].pk].append(row.starts_at)
        return [self.account(row, coming) for row in occasions]

    def account(self, occasion: Occasion, coming: dict[int, list[dt.datetime]]) -> Account:
        codes = codes_of(occasion)
        if "monthly" in codes:
            town = towns_of(occasion)[0]
            later = [at for at in coming[town.pk] if at > occasion.starts_at]
            return self.monthly(occasion, town, later[0] if later else None)
        if "regional" in codes:
            return self.regional(occasion)
        if "field" in codes:
            name = occasion.title.partition("（")[2].rstrip("）")
            entries = self.data["fields"][name]
            entry = entries[self.next_round(name) % len(entries)]
            return Account(occasion, "field", entry["say"], entry["decide"])
        kind = "leaders" if "leaders" in codes else "special_hearing_first"
        entries = self.data["leaders" if kind == "leaders" else "hearings"]
        entry = entries[self.next_round(kind) % len(entries)]
        return Account(occasion, kind, entry["say"], entry["decide"])

    def next_round(self, name: str) -> int:
        self.rounds[name] += 1
        return self.rounds[name] - 1

    def monthly(self, occasion: Occasion, town: Organization, later: dt.datetime | None) -> Account:
        local = timezone.localtime(occasion.starts_at)
        month = support.MONTHS.index((local.year, local.month))
        pairs = list(self.matters_of(town, month))
        texts = [f"【{matter.title}】（{matter.section}が同席）\n{matter.say}" for matter, _ in pairs]
        decided = [matter.decide for matter, _ in pairs]
        if "special_hearing_first" in codes_of(occasion):
            entry = self.data["hearings"][self.next_round("special_hearing_first") % len(self.data["hearings"])]
            texts.append(f"【前期ヒアリング】\n{entry['say']}")
            decided.append(entry["decide"])
        account = Account(occasion, "monthly", "\n\n".join(texts), "\n".join(decided))
        account.requests = "\n".join(stage["ask"] for _, stage in pairs if "ask" in stage)
        if later is not None:
            account.next_meeting = moment_words(later)
        account.promises = [(town, matter.area, [matter.section, *stage["do"]]) for matter, stage in pairs]
        account.topics = [matter for matter, _ in pairs if self.is_topic(matter)]
        return account

    def matters_of(self, town: Organization, month: int) -> Iterator[tuple[Matter, dict[str, Any]]]:
        """Two at a time, each in three sessions; the second begins a month after the first."""
        matters = self.data["matters"]
        # The second goes through the list backwards: no two towns ever talk of the same two.
        slots = [(month // 3, month % 3)] + ([(-1 - (month - 1) // 3, (month - 1) % 3)] if month else [])
        for slot, number in slots:
            # 5 and 7 have no factor in common with the number of matters: no town talks of one twice.
            row = matters[(self.place[town.pk] * 5 + slot * 7) % len(matters)]
            stage = row["stages"][number]
            matter = Matter(
                area=row["area"],
                title=row["title"],
                stage=number,
                say=stage["say"].replace("{town}", town.name),
                decide=stage["decide"],
                town=town,
                section=row["section"],
                trouble=row["stages"][0]["say"].replace("{town}", town.name),
                outcome=stage["do"][2] if number == 2 else "",
                summary=(row["title"], row["topic"]),
            )
            yield matter, stage

    def is_topic(self, matter: Matter) -> bool:
        """What came to its end is a topic; of the first two towns of a matter the others read, in each town's words."""
        if matter.stage == 0:
            return False
        if matter.stage == 1:
            if self.seen[f"{matter.title} 1"]:
                return False
            self.seen[f"{matter.title} 1"] = 1
            matter.summary = (f"{matter.title}：{matter.decide.rstrip('。')}", f"{matter.say}{matter.decide}")
            matter.state = TopicState.RELEASED
            return True
        number = self.seen[matter.title]
        self.seen[matter.title] += 1
        titles = [row["title"] for row in self.data["matters"]]
        if number == 0:
            matter.state = TopicState.RELEASED
        elif number == 1 and (place := titles.index(matter.title)) < len(PATH):
            matter.state = PATH[place]
            matter.summary = (f"{matter.title}：その後", matter.say)
        else:
            matter.summary = ("", "")
        return True

    def regional(self, occasion: Occasion) -> Account:
        name = occasion.title.partition("（")[2].rstrip("）")
        number = self.next_round(name)
        entry = self.data["regions"][name][number]
        towns = towns_of(occasion)
        town = towns[number % len(towns)]
        matter = Matter(entry["area"], entry["title"], 2, entry["say"], entry["decide"], town)
        matter.outcome = entry["outcome"]
        matter.summary = (entry["title"], f"{entry['say']}{entry['outcome']}")
        matter.state = TopicState.RELEASED
        text = f"【{entry['title']}】\n{entry['say']}"
        return Account(occasion, "regional", text, entry["decide"], topics=[matter])


def codes_of(occasion: Occasion) -> set[str]:
    return {count.kind.code for count in occasion.counts.all()}


def towns_of(occasion: Occasion) -> list[Organization]:
    parts = (body.organization for body in occasion.bodies.all())
    return [town for town in parts if town is not None and town.is_municipality]


def moment_words(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日（{WEEKDAYS[local.weekday()]}）{local.hour}時から"


# --- rows


def write(accounts: Sequence[Account]) -> None:
    """A number of statements that does not grow with the accounts; each row's trigger writes its event."""
    kinds = {kind.code: kind for kind in OccasionKind.objects.filter(prefecture__isnull=True)}
    areas = {area.code: area for area in Area.objects.all()}
    names = ("record", "decisions", "requests", "next_meeting")
    sessions = Session.objects.bulk_create(
        Session(
            occasion=account.occasion,
            kind=kinds[account.kind],
            **{name: getattr(account, name) for name in names},
        )
        for account in accounts
    )
    pairs = list(zip(sessions, accounts, strict=True))
    write_actions(pairs, areas)
    write_topics(pairs, areas)


def write_actions(pairs: Sequence[tuple[Session, Account]], areas: dict[str, Area]) -> None:
    """All done since: the year is over, and what is open today stands in a file of its own."""
    actions = []
    for session, account in pairs:
        for town, area, (section, bearer, title, result) in account.promises:
            due = account.occasion.day + dt.timedelta(days=21)
            closed = dt.datetime.combine(due - dt.timedelta(days=3), dt.time(16), tzinfo=TOKYO)
            actions.append(
                Action(
                    organization=town,
                    session=session,
                    area=areas[area],
                    bearer=bearer,
                    title=title,
                    section=section if bearer == "town" else "",
                    due_day=due,
                    state=ActionState.DONE,
                    result=result,
                    closed_at=closed,
                )
            )
    Action.objects.bulk_create(actions)
    ActionTransition.objects.bulk_create(
        ActionTransition(
            action=action,
            move=ActionMove.CARRY_OUT,
            from_state=ActionState.OPEN,
            to_state=ActionState.DONE,
            by_name=OFFICE,
            comment=action.result,
        )
        for action in actions
    )
    keys = [action.pk for action in actions]
    closed_at = Action.objects.filter(pk=OuterRef("action")).values("closed_at")
    # The moments of the log are set by the table itself; here they are those of the story.
    ActionTransition.objects.filter(action__in=keys).update(at=Subquery(closed_at))


def write_topics(pairs: Sequence[tuple[Session, Account]], areas: dict[str, Area]) -> None:
    topics: list[Topic] = []
    remarks: list[Remark] = []
    transitions: list[TopicTransition] = []
    today = timezone.localdate()
    for session, account in pairs:
        for position, matter in enumerate(account.topics):
            topic = Topic(
                organization=matter.town,
                session=session,
                position=position,
                area=areas[matter.area],
                title=matter.title,
                raised_by=matter.section,
                outcome=matter.outcome,
                state=matter.state,
                summary_title=matter.summary[0],
                summary=matter.summary[1],
            )
            if matter.state == TopicState.RELEASED:
                topic.released_at = account.occasion.starts_at + dt.timedelta(days=9)
            elif matter.state == TopicState.SHOWN:
                topic.release_day = today + dt.timedelta(days=5)
            topics.append(topic)
            remarks += remarks_of(topic, matter)
            transitions += path_of(topic)
    Topic.objects.bulk_create(topics)
    Remark.objects.bulk_create(remarks)
    TopicTransition.objects.bulk_create(transitions)
    keys = [topic.pk for topic in topics]
    index.write([topic.pk for topic in topics if topic.state == TopicState.RELEASED])
    held_at = Session.objects.filter(pk=OuterRef("session")).values("occasion__starts_at")
    Topic.objects.filter(pk__in=keys).update(created_at=Subquery(held_at))
    released_at = Topic.objects.filter(pk=OuterRef("topic")).values("released_at")
    TopicTransition.objects.filter(topic__in=keys, move=TopicMove.RELEASE).update(at=Subquery(released_at))
    started_at = Topic.objects.filter(pk=OuterRef("topic")).values("created_at")
    released = TopicTransition.objects.filter(topic__in=keys, topic__state=TopicState.RELEASED)
    released.exclude(move=TopicMove.RELEASE).update(at=Subquery(started_at))


def remarks_of(topic: Topic, matter: Matter) -> list[Remark]:
    entries = [(RemarkKind.DECISION, matter.decide, matter.town)]
    if matter.trouble:
        entries = [(RemarkKind.TROUBLE, matter.trouble, matter.town), *entries]
    if matter.stage == 2:
        entries.append((RemarkKind.KNOW_HOW, matter.say, matter.town))
    return [
        Remark(topic=topic, position=position, kind=kind, text=text, organization=town, by_name=town.name)
        for position, (kind, text, town) in enumerate(entries)
    ]


def path_of(topic: Topic) -> list[TopicTransition]:
    """The moves that led to the topic's state."""
    moves = {
        TopicState.NOTED: [],
        TopicState.SHOWN: [(TopicMove.SHOW, TopicState.NOTED, OFFICE, "")],
        TopicState.RELEASED: [
            (TopicMove.SHOW, TopicState.NOTED, OFFICE, ""),
            (TopicMove.RELEASE, TopicState.SHOWN, "", ""),
        ],
        TopicState.OBJECTED: [
            (TopicMove.SHOW, TopicState.NOTED, OFFICE, ""),
            (TopicMove.OBJECT, TopicState.SHOWN, topic.organization.name, OBJECTION),
        ],
        TopicState.HELD: [(TopicMove.HOLD, TopicState.NOTED, OFFICE, HOLDING)],
    }[TopicState(topic.state)]
    states = [state for _, state, _, _ in moves[1:]] + [topic.state]
    return (
        [
            TopicTransition(topic=topic, move=move, from_state=before, to_state=after, by_name=name, comment=comment)
            for (move, before, name, comment), after in zip(moves, states, strict=True)
        ]
        if moves
        else []
    )


# --- real meetings


@transaction.atomic
def load_group_meetings() -> bool:
    """The four meetings of the Saitama group in the fiscal year 2022, as its report gives them. Whether any was new."""
    group = Group.objects.filter(name=read("saitama.yaml")["group"]).select_related("prefecture").first()
    if group is None:
        return False
    load_kinds()
    rows = read("sessions.yaml")["group_meetings"]
    titles = [title_of(row) for row in rows]
    inside = Occasion.objects.filter(prefecture=group.prefecture, title__in=titles)
    stored = set(inside.values_list("title", flat=True))
    drafts = [draft_of(row, group) for row in rows if title_of(row) not in stored]
    occasions = store(drafts, prefecture_id=group.prefecture_id)
    Occasion.objects.filter(pk__in=[occasion.pk for occasion in occasions]).update(state=OccasionState.CONFIRMED)
    empty = inside.filter(session__isnull=True)
    note = "議題は令和4年度の報告書のとおり。開始時刻（10時）は仮に置いたもので、会場と出席者の記載はない。"
    accounts = [Account(occasion, "group_meeting", f"【議題】\n{occasion.agenda}\n\n{note}", "") for occasion in empty]
    write(accounts)
    return bool(accounts)


def draft_of(row: dict[str, Any], group: Group) -> OccasionDraft:
    return OccasionDraft(
        title=title_of(row),
        starts_at=dt.datetime.combine(row["day"], dt.time(10), tzinfo=TOKYO),
        minutes=120,
        agenda="\n".join(f"{number}. {text}" for number, text in enumerate(row["agenda"], 1)),
        kinds=("group_meeting",),
        bodies=(BodyPart(group=group.pk, role=BodyRole.HOST),),
    )


def title_of(row: dict[str, Any]) -> str:
    return f"DX専門部会 第{row['number']}回（令和4年度）"
