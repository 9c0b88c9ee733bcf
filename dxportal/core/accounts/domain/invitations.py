"""Invitations: a mailed link makes a membership. The link's token is never stored, only its digest."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from dxportal.core.accounts.domain import members
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Invitation, Membership, User
from dxportal.core.links import absolute
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

# A second mail within this time is a second click: it would make the link of the first one useless.
RESEND_PAUSE = dt.timedelta(seconds=30)


class NotSentError(Exception):
    """The invitation is stored, but its mail could not be handed over; it can be sent again."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom, and to what: the membership that accepting makes."""

    email: str
    name: str
    organization: Organization
    role: str
    first_day: dt.date
    last_day: dt.date | None = None


def link_of(token: str) -> str:
    """The full address of the page that an invitation's mail leads to."""
    return absolute(reverse("accounts:invitation", args=[token]))


@transaction.atomic
def invite(offer: Offer, *, user: User) -> Invitation:
    """Writes the invitation and mails its link after the commit; NotSentError when the mail server refuses."""
    places = Organization.objects.editable_by(user).living(timezone.localdate())
    if not places.filter(pk=offer.organization.pk).exists():
        raise PermissionDenied
    invitation, _ = write(offer, user)
    return invitation


@transaction.atomic
def invite_admin(prefecture: Organization, *, email: str, name: str) -> str:
    """The operator's way to a prefecture's first admin: the link, also mailed. Asks no right."""
    _, token = write(Offer(email, name, prefecture, Role.PREFECTURE_ADMIN, timezone.localdate()), None)
    return link_of(token)


def write(offer: Offer, user: User | None) -> tuple[Invitation, str]:
    """The stored invitation and its token, whose link is mailed on commit."""
    members.require_fitting_role(offer.organization, offer.role)
    if offer.last_day and offer.last_day < max(offer.first_day, timezone.localdate()):
        raise NotPossible({"last_day": "最終日は今日と開始日より後の日付にしてください。"}, code="order")
    # Of several invitations sent at once the others wait here, and then find the first.
    Organization.objects.select_for_update(no_key=True).get(pk=offer.organization.pk)
    place = {"organization": offer.organization, "role": offer.role}
    if Invitation.objects.open().filter(email__iexact=offer.email, **place).exists():
        raise NotPossible({"email": "同じ組織・役割への招待が承諾待ちです。一覧から送り直してください。"}, code="open")
    if Membership.objects.current().filter(user__email__iexact=offer.email, **place).exists():
        raise NotPossible({"email": "この人は、すでに同じ組織・役割で利用しています。"}, code="member")
    token = new_token()
    invitation = Invitation.objects.create(
        email=offer.email,
        name=offer.name,
        organization=offer.organization,
        role=offer.role,
        first_day=offer.first_day,
        last_day=offer.last_day,
        token_digest=digest_of(token),
        expires_at=new_expiry(),
        invited_by=user,
    )
    # Not before the commit: a link that is mailed must lead to a stored row.
    transaction.on_commit(lambda: mail_link(invitation, link_of(token)))
    return invitation, token


@transaction.atomic
def resend(invitation_id: int, *, user: User) -> Invitation:
    """A new link with a new expiry; the earlier link no longer works."""
    invitation = locked_invitation(invitation_id, user)
    sent = sent_again_at(invitation)
    if sent is not None and abs(timezone.now() - sent) < RESEND_PAUSE:
        raise NotPossible("この招待は、たった今送り直しました。届くまで少しお待ちください。", code="just_sent")
    token = new_token()
    invitation.token_digest = digest_of(token)
    invitation.expires_at = new_expiry()
    invitation.save(update_fields=["token_digest", "expires_at"])
    # On commit: until then the earlier link is the one that works.
    transaction.on_commit(lambda: mail_link(invitation, link_of(token)))
    return invitation


@transaction.atomic
def revoke(invitation_id: int, *, user: User) -> Invitation:
    """The link stops working; the row stays as a record."""
    invitation = locked_invitation(invitation_id, user)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    return invitation


def locked_invitation(invitation_id: int, user: User) -> Invitation:
    """NotPossible for one that was accepted or revoked; an expired one may be sent again."""
    invitation = locked(Invitation.objects.editable_by(user), invitation_id, "organization")
    if invitation.accepted_at or invitation.revoked_at:
        raise NotPossible("この招待は承諾済みか取消済みです。", code=invitation.state)
    return invitation


def find(token: str) -> Invitation | None:
    """The invitation of a link, whatever became of it."""
    rows = Invitation.objects.select_related("organization__prefecture", "invited_by")
    return rows.filter(token_digest=digest_of(token)).first()


@transaction.atomic
def accept(token: str, *, user: User) -> Membership:
    """Makes the membership for the person whose mail address was invited.

    PermissionDenied for another person; NotPossible when the link no longer works.
    """
    invitation = locked_by_token(token)
    # Asked before the state: another person learns nothing of what became of the invitation.
    if user.email.lower() != invitation.email.lower():
        raise PermissionDenied
    if invitation.state != Invitation.State.OPEN:
        raise NotPossible("この招待リンクは使えなくなりました。", code=invitation.state)
    membership = members.create(
        user, invitation.organization, invitation.role, first_day=invitation.first_day, last_day=invitation.last_day
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return membership


@transaction.atomic
def accept_as_new(token: str, *, name: str, kana: str, password: str) -> User:
    """Makes the account of the invited address and its membership."""
    # The lock comes before the look for the account: of two clicks the second finds what the first has made.
    invitation = locked_by_token(token)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise NotPossible("このメールアドレスは登録済みです。ログインして承諾してください。", code="known")
    user = User.objects.create_user(email=invitation.email.lower(), password=password, name=name, kana=kana)
    accept(token, user=user)
    return user


def locked_by_token(token: str) -> Invitation:
    """NotPossible for a link that was never sent, or that a newer one replaced."""
    # Locked, so that a link pressed twice is taken once.
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organization")
    invitation = rows.filter(token_digest=digest_of(token)).first()
    if invitation is None:
        raise NotPossible("この招待リンクは正しくありません。", code="unknown")
    return invitation


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    # Neither salt nor a slow hash: a token is 256 random bits, of which nothing can be guessed.
    return hashlib.sha256(token.encode()).hexdigest()


def new_expiry() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=settings.INVITATION_DAYS)


def sent_again_at(invitation: Invitation) -> dt.datetime | None:
    """When its link was last replaced by a new one; the first mail doesn't count."""
    sent = invitation.expires_at - dt.timedelta(days=settings.INVITATION_DAYS)
    return sent if sent > invitation.created_at else None


def mail_link(invitation: Invitation, link: str) -> None:
    values = {"invitation": invitation, "link": link, "portal_name": settings.PORTAL_NAME}
    subject = " ".join(render_to_string("accounts/mail/invitation_subject.txt", values).split())
    try:
        send_mail(subject, render_to_string("accounts/mail/invitation.txt", values), None, [invitation.email])
    except (SMTPException, OSError) as error:
        raise NotSentError from error
