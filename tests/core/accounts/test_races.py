import datetime as dt
import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from dxportal.core.accounts.domain import invitations, members
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Invitation, Membership, User
from tests.support import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Runs the acts in threads that start together; gives what each returned or raised."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=10)
            return act()
        except ValidationError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_admins_who_end_each_other_at_once_leave_one(cast):
    second = make.make_user(cast.pref, Role.PREFECTURE_ADMIN)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    pairs = [(cast.admin, second.memberships.get().pk), (second, cast.admin.memberships.get().pk)]
    assert all(by.acting for by, _ in pairs)

    outcomes = at_once(*(lambda by=by, pk=pk: members.end(pk, yesterday, user=by) for by, pk in pairs))

    assert sorted(isinstance(outcome, ValidationError) for outcome in outcomes) == [False, True]
    assert Membership.objects.current().filter(role=Role.PREFECTURE_ADMIN, organization=cast.pref).count() == 1


def test_a_link_pressed_twice_at_once_makes_one_account(cast):
    token = "a-token"
    Invitation.objects.create(
        email="new@example.jp",
        name="新 太郎",
        organization=cast.town,
        role=Role.OFFICER,
        first_day=timezone.localdate(),
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=timezone.now() + dt.timedelta(days=7),
    )

    def press():
        return invitations.accept_as_new(token, name="新 太郎", kana="", password="pass-word-123")

    outcomes = at_once(press, press)

    assert sorted(isinstance(outcome, ValidationError) for outcome in outcomes) == [False, True]
    assert User.objects.get(email="new@example.jp").memberships.count() == 1
