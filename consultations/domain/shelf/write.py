"""Writing an item of the shelf: what it says, whose agreement it needs, its versions; and who took which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES, ShelfState
from consultations.models import ShelfAgreement, ShelfFile, ShelfItem, ShelfTaking, ShelfVersion
from dxportal.core.accounts.models import User
from dxportal.core.files.attachments import attach
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

NOUN = "一つの版"
TEXTS = ("kind", "title", "description", "area", "group")


@dataclass(frozen=True, slots=True)
class ShelfContent:
    """What an item says. ``bodies``: keys of the municipalities whose agreement it needs."""

    kind: str
    title: str
    description: str = ""
    area: Area | None = None
    group: Group | None = None
    bodies: frozenset[int] = frozenset()


def content_of(item: ShelfItem) -> ShelfContent:
    bodies = frozenset(item.agreements.values_list("organization", flat=True))
    return ShelfContent(**{name: getattr(item, name) for name in TEXTS}, bodies=bodies)


def create(content: ShelfContent, *, user: User, files: Sequence[Any] = ()) -> ShelfItem:
    """A draft with its first version. A town's people offer what is their town's; they name nobody who must agree."""
    if user.role not in ACTING_ROLES or user.acting is None:
        raise PermissionDenied
    organization = user.acting.organization
    town = None if user.role in SUPPORTING_ROLES else organization
    require_bodies(content, organization.prefecture_id, user)
    with transaction.atomic():
        item = ShelfItem.objects.create(
            prefecture_id=organization.prefecture_id,
            organization=town,
            created_by=user,
            **{name: getattr(content, name) for name in TEXTS},
        )
        write_bodies(item, content.bodies)
        store_version(item, files, "", user)
    return item


def change(item_id: int, content: ShelfContent, *, user: User, revision: int) -> ShelfItem:
    """Stores what somebody wrote who saw ``revision``; the same again changes nothing. PermissionDenied, NotPossible,
    Overtaken (with the item) where it says something else by now."""
    with transaction.atomic():
        item = locked(ShelfItem.objects.editable_by(user), item_id)
        if content_of(item) == content:
            return item
        if item.revision != revision:
            raise Overtaken("この資料は、入力中にほかの人が変更しました。", item)
        require_draft(item)
        require_bodies(content, item.prefecture_id, user)
        for name in TEXTS:
            setattr(item, name, getattr(content, name))
        item.revision += 1
        item.save()
        write_bodies(item, content.bodies)
    return item


def require_draft(item: ShelfItem) -> None:
    if item.state != ShelfState.DRAFT:
        raise NotPossible(
            f"この資料は現在「{item.get_state_display()}」のため変更できません。先に準備中に戻すか、新しい資料に差し替えてください。",
            code="not_draft",
        )


def require_bodies(content: ShelfContent, prefecture_id: int | None, user: User) -> None:
    """Bodies and group of the own prefecture, named by the supporting side."""
    if (content.bodies or content.group) and user.role not in SUPPORTING_ROLES:
        raise PermissionDenied
    towns = Organization.objects.municipalities().filter(prefecture=prefecture_id, pk__in=content.bodies)
    if towns.count() != len(content.bodies) or (content.group and content.group.prefecture_id != prefecture_id):
        raise PermissionDenied


def write_bodies(item: ShelfItem, bodies: frozenset[int]) -> None:
    item.agreements.exclude(organization__in=bodies).delete()
    ShelfAgreement.objects.bulk_create(
        [ShelfAgreement(item=item, organization_id=pk) for pk in sorted(bodies)], ignore_conflicts=True
    )


def needs_agreement(item: ShelfItem) -> bool:
    return item.group_id is not None or item.agreements.exists()


def takes_versions(item: ShelfItem) -> bool:
    """Of a released item only where nobody had to agree: what was agreed to is not changed behind their backs."""
    if item.state == ShelfState.RELEASED:
        return not needs_agreement(item)
    return item.state == ShelfState.DRAFT


def add_version(item_id: int, files: Sequence[Any], note: str, *, user: User) -> ShelfVersion:
    """PermissionDenied; NotPossible for refused files and for an item that takes none now."""
    with transaction.atomic():
        item = locked(ShelfItem.objects.editable_by(user), item_id)
        if not takes_versions(item):
            raise NotPossible(
                "団体や会が合意した資料、または手続き中の資料には版を足せません。新しい資料を登録して差し替えてください。",
                code="agreed",
            )
        return store_version(item, files, note, user)


def store_version(item: ShelfItem, files: Sequence[Any], note: str, user: User) -> ShelfVersion:
    last = item.versions.first()
    version = ShelfVersion.objects.create(
        item=item, number=last.number + 1 if last else 1, note=note.strip(), created_by_name=user.name
    )
    attach(version, files, user=user, noun=NOUN)
    return version


def take(item_id: int, file_id: int, *, user: User) -> ShelfFile | None:
    """A file to save; the first of a version notes that the person's body took it. None where there is no such file.

    Whoever may read the item may take its files.
    """
    item = ShelfItem.objects.for_user(user).filter(pk=item_id).first()
    if item is None:
        raise PermissionDenied
    file = ShelfFile.objects.filter(version__item=item, pk=file_id).select_related("content", "version").first()
    if file is not None and user.acting is not None and user.acting.organization.is_municipality:
        # The constraint keeps it at once a body, however many of its people save however many files at once.
        taking = ShelfTaking(version=file.version, organization=user.acting.organization, by_name=user.name)
        ShelfTaking.objects.bulk_create([taking], ignore_conflicts=True)
    return file
