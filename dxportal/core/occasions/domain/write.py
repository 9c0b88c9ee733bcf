"""Writing an occasion: create (alone or a year's worth at once), change, move to another time."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dxportal.core.accounts.enums import Role
from dxportal.core.occasions.domain import kinds as kind_list
from dxportal.core.occasions.domain.draft import IN_CALENDARS, PLAIN, BodyPart, OccasionDraft
from dxportal.core.occasions.enums import WRITING_ROLES, OccasionState
from dxportal.core.occasions.models import Occasion, OccasionBody, OccasionCount
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

CHANGEABLE = frozenset({OccasionState.PLANNED, OccasionState.HELD})
OVERTAKEN = "この会合は、入力中にほかの人が変更しました。下に表示した現在の内容を確かめて、もう一度保存してください。"


def draft_of(occasion: Occasion) -> OccasionDraft:
    """What the occasion says now; in lists prefetch ``counts__kind`` and ``bodies``."""
    return OccasionDraft(
        **{name: getattr(occasion, name) for name in PLAIN},
        kinds=tuple(count.kind.code for count in occasion.counts.all()),
        bodies=tuple(part_of(body) for body in occasion.bodies.all()),
    )


def part_of(body: OccasionBody) -> BodyPart:
    return BodyPart(body.organization_id, body.group_id, body.name, body.section, body.role)


def create(draft: OccasionDraft, *, user: Any, carried: Collection[BodyPart] = ()) -> Occasion:
    """A planned occasion of the person's prefecture. PermissionDenied; NotPossible, by field where one is at fault.

    ``carried``: bodies that come from an earlier meeting, of which the person need not be in charge.
    """
    return create_many([draft], user=user, carried=carried)[0]


def create_many(drafts: Sequence[OccasionDraft], *, user: Any, carried: Collection[BodyPart] = ()) -> list[Occasion]:
    """Planned occasions in the order of ``drafts``, all or none; the number of queries doesn't grow with them."""
    if user.role not in WRITING_ROLES:
        raise PermissionDenied
    return store(drafts, prefecture_id=user.acting.organization.prefecture_id, user=user, carried=carried)


@transaction.atomic
def store(
    drafts: Sequence[OccasionDraft], *, prefecture_id: int, user: Any = None, carried: Collection[BodyPart] = ()
) -> list[Occasion]:
    """The rows of ``drafts``. ``user`` None: a load, of which no right is asked."""
    for draft in drafts:
        check_plain(draft)
    known = {part.key for part in carried}
    new = [part for draft in drafts for part in draft.bodies if part.key not in known]
    check_bodies(new, prefecture_id, user=user)
    codes = {code for draft in drafts for code in draft.kinds}
    kinds = kind_list.by_code(prefecture_id, codes) if codes else {}
    occasions = Occasion.objects.bulk_create(
        [Occasion(prefecture_id=prefecture_id, **{name: getattr(draft, name) for name in PLAIN}) for draft in drafts]
    )
    pairs = list(zip(occasions, drafts, strict=True))
    OccasionBody.objects.bulk_create(
        [body_row(occasion, part, place) for occasion, draft in pairs for place, part in enumerate(draft.bodies)]
    )
    OccasionCount.objects.bulk_create(
        [
            OccasionCount(occasion=occasion, kind=kinds[code])
            for occasion, draft in pairs
            for code in dict.fromkeys(draft.kinds)
        ]
    )
    if user is not None:
        require_own(occasions, user)
    return occasions


def change(
    occasion_id: int, draft: OccasionDraft, *, user: Any, revision: int, counting: Collection[str] | None = None
) -> Occasion:
    """Stores ``draft``, written by somebody who saw ``revision``; the same again changes nothing and is no error.

    PermissionDenied; NotPossible for a confirmed or called-off one; Overtaken where it says something else by now.
    ``counting``: only these kinds are at stake (a room's own book); others stay as they are.
    """
    with transaction.atomic():
        # Locked before it is compared: of two saves at once the second sees what the first has stored.
        occasion = locked(Occasion.objects.editable_by(user), occasion_id)
        stored = draft_of(occasion)
        if counting is not None:
            kept = tuple(code for code in stored.kinds if code not in counting)
            draft = OccasionDraft(
                **{name: getattr(draft, name) for name in PLAIN}, kinds=(*kept, *draft.kinds), bodies=draft.bodies
            )
        if same(draft, stored):
            return occasion
        if occasion.revision != revision:
            raise Overtaken(OVERTAKEN, occasion)
        require_changeable(occasion)
        check_plain(draft)
        new = [part for part in draft.bodies if part.key not in {body.key for body in stored.bodies}]
        check_bodies(new, occasion.prefecture_id, user=user)
        check_once(draft.bodies)
        for name in PLAIN:
            setattr(occasion, name, getattr(draft, name))
        write_bodies(occasion, draft.bodies)
        write_kinds(occasion, draft.kinds)
        seen = any(getattr(draft, name) != getattr(stored, name) for name in IN_CALENDARS)
        touch(occasion, in_calendars=seen or draft.bodies != stored.bodies)
        require_own([occasion], user)
        return occasion


def reschedule(
    occasion_id: int, starts_at: dt.datetime, *, user: Any, minutes: int | None = None, revision: int | None = None
) -> Occasion:
    """Moves a planned occasion to another time; ``revision`` None: whatever it said before."""
    with transaction.atomic():
        occasion = locked(Occasion.objects.editable_by(user), occasion_id)
        if revision is not None and occasion.revision != revision:
            raise Overtaken(OVERTAKEN, occasion)
        if occasion.state != OccasionState.PLANNED:
            raise NotPossible(
                f"この会合は現在「{occasion.get_state_display()}」のため、日時を変えられません。", code="not_planned"
            )
        occasion.starts_at = starts_at
        occasion.minutes = minutes or occasion.minutes
        touch(occasion, in_calendars=True)
        return occasion


def count_as(occasion_id: int, codes: Collection[str], *, among: Collection[str], user: Any) -> Occasion:
    """Says as which of the kinds ``among`` (a room's own) the occasion counts; it goes on counting as all others."""
    with transaction.atomic():
        occasion = locked(Occasion.objects.editable_by(user), occasion_id)
        require_changeable(occasion)
        others = [count.kind.code for count in occasion.counts.select_related("kind") if count.kind.code not in among]
        if write_kinds(occasion, (*others, *codes)):
            touch(occasion)
        return occasion


def touch(occasion: Occasion, *, in_calendars: bool = False) -> None:
    """Saves the locked row as changed; ``in_calendars``: calendars must take notice."""
    occasion.revision += 1
    occasion.sequence += in_calendars
    occasion.save()


def same(draft: OccasionDraft, stored: OccasionDraft) -> bool:
    """Kinds are a set; all else is compared as it stands."""
    plain = all(getattr(draft, name) == getattr(stored, name) for name in PLAIN)
    return plain and draft.bodies == stored.bodies and set(draft.kinds) == set(stored.kinds)


# --- what may be written


def require_changeable(occasion: Occasion) -> None:
    if occasion.state not in CHANGEABLE:
        hint = "確定を取り消してから" if occasion.state == OccasionState.CONFIRMED else "予定に戻してから"
        raise NotPossible(
            f"この会合は現在「{occasion.get_state_display()}」のため、変更できません。{hint}操作してください。",
            code="not_changeable",
        )


def require_own(occasions: Sequence[Occasion], user: Any) -> None:
    """Nobody writes an occasion that they could not change afterwards."""
    keys = [occasion.pk for occasion in occasions]
    if Occasion.objects.editable_by(user).filter(pk__in=keys).count() != len(keys):
        sentence = (
            "自分の団体、または自分の団体が入っている広域グループを「主催」か「幹事」にしてください。"
            if user.is_answering
            else "担当する団体（または出席者として自分）を一つ以上入れてください。"
        )
        raise NotPossible({"bodies": sentence}, code="not_own")


def check_plain(draft: OccasionDraft) -> None:
    if timezone.is_naive(draft.starts_at):
        raise ValueError("starts_at must be aware.")
    if not draft.title.strip():
        raise NotPossible({"title": "件名を入力してください。"}, code="title")
    if not 1 <= draft.minutes <= 24 * 60:
        raise NotPossible({"minutes": "時間は1分から1,440分（24時間）までで入力してください。"}, code="minutes")
    check_once(draft.bodies)


def check_once(parts: Sequence[BodyPart]) -> None:
    if len({part.key for part in parts}) < len(parts):
        raise NotPossible({"bodies": "同じ団体が二度入っています。一つにしてください。"}, code="body_twice")
    for part in parts:
        if [part.organization is not None, part.group is not None, bool(part.name)].count(True) != 1:
            raise NotPossible(
                {"bodies": "団体・広域グループ・県外などの団体名のどれか一つを入力してください。"},
                code="body_of_two_kinds",
            )


def check_bodies(parts: Sequence[BodyPart], prefecture_id: int, *, user: Any) -> None:
    """Organisations and groups are of the prefecture; consultants and bureaus bring in the towns of their charge only."""
    organizations = {part.organization for part in parts if part.organization is not None}
    groups = {part.group for part in parts if part.group is not None}
    known = Organization.objects.filter(pk__in=organizations, prefecture=prefecture_id)
    if known.count() < len(organizations):
        raise NotPossible({"bodies": "県内の団体を一覧から選んでください。"}, code="foreign_body")
    if groups and Group.objects.filter(pk__in=groups, prefecture=prefecture_id).count() < len(groups):
        raise NotPossible({"bodies": "県内の広域グループを一覧から選んでください。"}, code="foreign_group")
    if user is not None and user.role in (Role.CONSULTANT, Role.BUREAU_STAFF):
        outside = known.municipalities().exclude(pk__in=Organization.objects.for_user(user).values("pk"))
        if names := [organization.name for organization in outside]:
            raise NotPossible(
                {
                    "bodies": f"担当していない団体は追加できません：{'、'.join(names)}。県または業務スタッフに依頼してください。"
                },
                code="not_in_charge",
            )


# --- parts


def body_row(occasion: Occasion, part: BodyPart, position: int) -> OccasionBody:
    return OccasionBody(
        occasion=occasion,
        organization_id=part.organization,
        group_id=part.group,
        name=part.name,
        section=part.section,
        role=part.role,
        position=position,
    )


def write_bodies(occasion: Occasion, parts: Sequence[BodyPart]) -> None:
    """Row by row: a body that stays keeps its row, so that whoever came from it does. NotPossible for one that is taken
    off while somebody is entered as coming from it."""
    stored = {part_of(body).key: body for body in occasion.bodies.all()}
    gone = [body for key, body in stored.items() if key not in {part.key for part in parts}]
    busy = [str(body) for body in gone if body.attendances.exists()]
    if busy:
        raise NotPossible(
            {"bodies": f"出席者が登録されている団体は外せません：{'、'.join(busy)}。先に出席の行を消してください。"},
            code="body_attended",
        )
    OccasionBody.objects.filter(pk__in=[body.pk for body in gone]).delete()
    for position, part in enumerate(parts):
        body = stored.get(part.key)
        if body is None:
            body_row(occasion, part, position).save()
        elif (body.role, body.position) != (part.role, position):
            body.role, body.position = part.role, position
            body.save(update_fields=["role", "position"])


def write_kinds(occasion: Occasion, codes: Collection[str]) -> bool:
    """Whether anything changed."""
    kinds = kind_list.by_code(occasion.prefecture_id, codes) if codes else {}
    wanted = {kind.pk for kind in kinds.values()}
    stored = set(occasion.counts.values_list("kind_id", flat=True))
    occasion.counts.exclude(kind__in=wanted).delete()
    OccasionCount.objects.bulk_create(OccasionCount(occasion=occasion, kind_id=pk) for pk in sorted(wanted - stored))
    return wanted != stored
