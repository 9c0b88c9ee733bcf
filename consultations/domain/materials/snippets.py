"""Blocks of text for the forms of sessions: one's own, and those that all who support share."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from consultations.enums import ACTING_ROLES, SUPPORTING_ROLES
from consultations.models import Snippet
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

OVERTAKEN = "入力中にほかの人がこの定型文を書き換えました。"
MOST = 100  # of one's own, and shared: more could not be chosen from


@dataclass(frozen=True, slots=True)
class SnippetContent:
    title: str
    text: str
    shared: bool = False


def may_share(user: User) -> bool:
    return user.role in SUPPORTING_ROLES


def snippets_for(user: User) -> Sequence[Snippet]:
    """Those that the person may insert: their own first."""
    return sorted(Snippet.objects.for_user(user), key=lambda snippet: snippet.shared)


def create(content: SnippetContent, *, user: User) -> Snippet:
    """PermissionDenied; NotPossible for a name that is taken, or too many."""
    if user.role not in ACTING_ROLES:
        raise PermissionDenied
    snippet = Snippet(prefecture_id=user.acting.organization.prefecture_id, revision=0)
    return store(snippet, content, user)


def change(snippet_id: int, content: SnippetContent, *, revision: int, user: User) -> Snippet:
    """PermissionDenied; NotPossible; Overtaken (with the row) where it says something else by now."""
    with transaction.atomic():
        snippet = locked(Snippet.objects.editable_by(user), snippet_id)
        if SnippetContent(snippet.title, snippet.text, snippet.shared) == content:
            return snippet
        if snippet.revision != revision:
            raise Overtaken(OVERTAKEN, snippet)
        return store(snippet, content, user)


def store(snippet: Snippet, content: SnippetContent, user: User) -> Snippet:
    if content.shared and not may_share(user):
        raise PermissionDenied
    snippet.title = content.title
    snippet.text = content.text
    snippet.owner = None if content.shared else user
    snippet.revision += 1
    others = Snippet.objects.filter(prefecture=snippet.prefecture_id, owner=snippet.owner).exclude(pk=snippet.pk)
    if others.count() >= MOST:
        raise NotPossible(f"定型文は{MOST}件までです。使わないものを先に削除してください。", code="too_many")
    try:
        with transaction.atomic():
            snippet.save()
    except IntegrityError:
        taken = f"「{content.title}」という名前の定型文があります。別の名前にしてください。"
        raise NotPossible({"title": taken}, code="taken") from None
    return snippet


def delete(snippet_id: int, *, user: User) -> None:
    with transaction.atomic():
        locked(Snippet.objects.editable_by(user), snippet_id).delete()
