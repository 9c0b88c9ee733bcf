"""Searches that a person keeps by name."""

from django.db import transaction

from casestudies.models import SavedSearch
from casestudies.querysets import PersonalQuerySet
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible, Overtaken

MOST = 50
LONGEST_NAME = 80


@transaction.atomic
def keep(user: User, name: str, query: str, *, replace: bool = False) -> SavedSearch:
    """The search under this name.

    Raises Overtaken with the search of that name unless it may be replaced, NotPossible at the limit.
    """
    mine = _mine(user)
    taken = mine.filter(name=name).first()
    if taken is None:
        if mine.count() >= MOST:
            raise NotPossible(f"保存できる検索は{MOST}件までです。使わないものを削除してから保存してください。", "most")
        return SavedSearch.objects.create(user=user, name=name, query=query)
    if taken.query != query:
        if not replace:
            raise Overtaken(f"「{name}」という名前の検索がすでにあります。", taken)
        taken.query = query
        taken.save(update_fields=["query"])
    return taken


@transaction.atomic
def rename(pk: int, name: str, *, user: User) -> SavedSearch:
    """Raises SavedSearch.DoesNotExist for another person's, NotPossible (by field) for a name that is used."""
    mine = _mine(user)
    search = mine.get(pk=pk)
    if mine.filter(name=name).exclude(pk=pk).exists():
        taken = f"「{name}」という名前の検索がすでにあります。別の名前にしてください。"
        raise NotPossible({"name": taken})
    search.name = name
    search.save(update_fields=["name"])
    return search


def remove(pk: int, *, user: User) -> str:
    """The name of what was removed; NotPossible where it is gone already, or another person's."""
    search = SavedSearch.objects.editable_by(user).filter(pk=pk).first()
    if search is None:
        raise NotPossible("この検索は、すでに削除されています。", code="gone")
    search.delete()
    return search.name


def _mine(user: User) -> PersonalQuerySet:
    """The person's searches. The lock on the person keeps two windows from both taking the last place or one name."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return SavedSearch.objects.editable_by(user)
