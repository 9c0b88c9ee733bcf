"""Searches that a person keeps by name."""

from django.core.exceptions import ValidationError
from django.db import transaction

from casestudies.models import SavedSearch
from dxportal.core.accounts.models import User

MOST = 50
LONGEST_NAME = 80


class NameTakenError(Exception):
    """Another search of the person has this name; ``taken`` is that one."""

    def __init__(self, taken: SavedSearch) -> None:
        super().__init__(taken.name)
        self.taken = taken


@transaction.atomic
def keep(user: User, name: str, query: str, *, replace: bool = False) -> SavedSearch:
    """The search under this name.

    Raises NameTakenError unless it may replace the one of that name, ValidationError at the limit.
    """
    mine = _mine(user)
    taken = mine.filter(name=name).first()
    if taken is not None:
        return _replace(taken, query, replace)
    if mine.count() >= MOST:
        raise ValidationError(f"保存できる検索は{MOST}件までです。使わないものを削除してから保存してください。", "most")
    return SavedSearch.objects.create(user=user, name=name, query=query)


def _replace(taken: SavedSearch, query: str, replace: bool) -> SavedSearch:
    if taken.query != query:
        if not replace:
            raise NameTakenError(taken)
        taken.query = query
        taken.save(update_fields=["query"])
    return taken


@transaction.atomic
def rename(pk: int, name: str, *, user: User) -> SavedSearch:
    """Raises SavedSearch.DoesNotExist for another person's, NameTakenError for a name that is used."""
    mine = _mine(user)
    search = mine.get(pk=pk)
    taken = mine.filter(name=name).exclude(pk=pk).first()
    if taken is not None:
        raise NameTakenError(taken)
    search.name = name
    search.save(update_fields=["name"])
    return search


def remove(pk: int, *, user: User) -> str:
    """The name of what was removed. Raises SavedSearch.DoesNotExist for another person's."""
    search = SavedSearch.objects.editable_by(user).get(pk=pk)
    search.delete()
    return search.name


def _mine(user: User):
    """The person's searches, with nobody else counting or naming them until the end of the transaction."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return SavedSearch.objects.editable_by(user)
