"""How the events of organisations read: what they are, what became of them, their figures, their groups."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from dxportal.core.history.trail import Trail, events_of
from dxportal.core.organizations.enums import LifeEvent, MunicipalityKind, OrganizationKind
from dxportal.core.organizations.models import FormerName, Group, GroupMember, Organization, Profile, Succession
from dxportal.core.ui.japanese import fiscal_label, western

Show = Callable[[Any], str]


def _fields(*pairs: tuple[str, Show]) -> tuple[tuple[str, Show], ...]:
    """With a removal every value goes: its event holds the last ones."""
    return tuple(
        (label, lambda event, show=show: "" if event.pgh_label == "delete" else show(event)) for label, show in pairs
    )


def _text(name: str) -> Show:
    return lambda event: str(getattr(event, name) or "")


def _day(name: str) -> Show:
    return lambda event: western(day) if (day := getattr(event, name)) else ""


def _number(name: str) -> Show:
    return lambda event: "" if (number := getattr(event, name)) is None else f"{number:,}"


def _kind(event: Any) -> str:
    kind = OrganizationKind(event.kind).label
    return f"{kind}（{MunicipalityKind(event.municipality_kind).label}）" if event.municipality_kind else kind


def _seen(user: Any) -> Any:
    return Organization.objects.for_user(user).values("pk")


def _of_organizations(user: Any) -> Q:
    """Those that the person may open; of what was deleted as a mistake those of the own prefecture, for its admins."""
    deleted = events_of(Organization).objects.filter(pgh_label="delete")
    gone = deleted.filter(prefecture=user.acting.organization_id) if user.is_prefecture_admin else deleted.none()
    return Q(pgh_obj__in=_seen(user)) | Q(pgh_obj__in=gone.values("pgh_obj"))


def _of_successions(user: Any) -> Q:
    """With either side in reach. Where one side was deleted later, nobody can be named any more."""
    seen = _seen(user)
    known = Organization.objects.values("pk")
    return (Q(predecessor__in=seen) | Q(successor__in=seen)) & Q(predecessor__in=known, successor__in=known)


def _of_groups(user: Any) -> Q:
    """Those that the person may open; deleted ones of the own prefecture, for its admins."""
    known = Q(pgh_obj__in=Group.objects.for_user(user).order_by().values("pk"))
    if not user.is_prefecture_admin:
        return known
    return known | (Q(prefecture=user.acting.organization_id) & ~Q(pgh_obj__in=Group.objects.order_by().values("pk")))


def _of_group_members(user: Any) -> Q:
    """Of a group or an organisation that was deleted later nobody can be named any more; the group's own row stays."""
    groups = Group.objects.for_user(user).order_by().values("pk")
    return Q(group__in=groups, organization__in=Organization.objects.values("pk"))


ORGANIZATIONS = Trail(
    code="organization",
    label="組織",
    events=events_of(Organization),
    reach=_of_organizations,
    organization="pgh_obj",
    related=("parent",),
    fields=_fields(
        ("名称", _text("name")),
        ("団体コード", _text("code")),
        ("カナ", _text("kana")),
        ("区分", _kind),
        ("郡", _text("district")),
        ("上位組織", _text("parent")),
        ("設置日", _day("first_day")),
        ("最後の日", _day("last_day")),
        ("架空の団体", lambda event: "架空" if event.fictional else ""),
    ),
    subject=lambda event: f"{OrganizationKind(event.kind).label} {event.name}",
    place=lambda event: event.name,
    searched=("name", "kana", "code"),
)
SUCCESSIONS = Trail(
    code="succession",
    label="団体の承継",
    events=events_of(Succession),
    reach=_of_successions,
    organization="successor",
    related=("predecessor", "successor"),
    fields=_fields(
        ("引き継がれた団体", _text("predecessor")),
        ("承継団体", _text("successor")),
        ("施行日", _day("day")),
        ("異動の種類", lambda event: LifeEvent(event.kind).label),
    ),
    subject=lambda event: f"{event.predecessor}→{event.successor}",
    place=lambda event: event.successor,
    searched=("predecessor__name", "successor__name"),
)
FORMER_NAMES = Trail(
    code="former_name",
    label="旧名称・旧団体コード",
    events=events_of(FormerName),
    reach=lambda user: Q(organization__in=_seen(user)),
    organization="organization",
    related=("organization", "parent"),
    fields=_fields(
        ("旧名称", _text("name")),
        ("旧団体コード", _text("code")),
        ("旧カナ", _text("kana")),
        ("旧郡", _text("district")),
        ("旧上位組織", _text("parent")),
        ("最後の日", _day("last_day")),
        ("異動の種類", lambda event: LifeEvent(event.kind).label),
    ),
    subject=lambda event: f"{event.name}（{event.organization}）",
    place=lambda event: event.organization,
    searched=("name", "code", "organization__name"),
)
PROFILES = Trail(
    code="profile",
    label="年度別の基本情報",
    events=events_of(Profile),
    reach=lambda user: Q(organization__in=_seen(user)),
    organization="organization",
    related=("organization",),
    fields=_fields(
        ("人口（人）", _number("population")),
        ("人口の時点", _day("population_date")),
        ("一般行政部門の職員数（人）", _number("staff")),
        ("タイル地図の行", _number("tile_row")),
        ("タイル地図の列", _number("tile_column")),
    ),
    subject=lambda event: f"{event.organization} {fiscal_label(event.fiscal_year)}",
    place=lambda event: event.organization,
    searched=("organization__name", "organization__kana"),
)
GROUPS = Trail(
    code="group",
    label="広域グループ",
    events=events_of(Group),
    reach=_of_groups,
    organization="prefecture",
    related=("prefecture", "lead"),
    fields=_fields(("名称", _text("name")), ("幹事団体", _text("lead"))),
    subject=lambda event: event.name,
    place=lambda event: event.prefecture,
    searched=("name", "lead__name"),
)
GROUP_MEMBERS = Trail(
    code="group_member",
    label="広域グループの構成団体",
    events=events_of(GroupMember),
    reach=_of_group_members,
    organization="organization",
    related=("group__prefecture", "organization"),
    fields=_fields(("構成団体", _text("organization"))),
    subject=lambda event: f"{event.group}：{event.organization}",
    place=lambda event: event.group.prefecture,
    searched=("group__name", "organization__name", "organization__kana"),
)
TRAILS: tuple[Trail, ...] = (ORGANIZATIONS, SUCCESSIONS, FORMER_NAMES, PROFILES, GROUPS, GROUP_MEMBERS)
