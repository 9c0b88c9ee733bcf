"""The secret addresses under which calendar programs read occasions. Only a digest of the secret is stored."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from dxportal.core.accounts.models import Membership
from dxportal.core.links import absolute
from dxportal.core.occasions.domain.bodies import recall_bodies, with_bodies
from dxportal.core.occasions.domain.ical import FeedEvent
from dxportal.core.occasions.enums import CALLED_OFF, FeedScope
from dxportal.core.occasions.models import CalendarFeed, Occasion
from dxportal.core.organizations.fiscal import bounds, fiscal_year_of
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import locked

DIGITS = 32  # bytes of chance in a secret
# A second click within this time would make the address useless that the first one has just shown.
RENEW_PAUSE = dt.timedelta(seconds=30)


def make(scope: str, *, user: Any) -> tuple[CalendarFeed, str]:
    """A feed of the acting membership, and its secret, which nobody can read again."""
    secret = secrets.token_urlsafe(DIGITS)
    values = {"user": user, "membership": user.acting, "scope": scope, "secret_digest": digest_of(secret)}
    try:
        with transaction.atomic():
            return CalendarFeed.objects.create(**values), secret
    except IntegrityError as error:
        sentence = "この内容の配信は、すでにあります。アドレスが分からないときは「アドレスを替える」を押してください。"
        raise NotPossible({"scope": sentence}, code="twice") from error


@transaction.atomic
def renew(feed_id: int, *, user: Any) -> tuple[CalendarFeed, str]:
    """A new secret; the earlier address gives nothing any more."""
    feed = locked(CalendarFeed.objects.editable_by(user), feed_id)
    if feed.renewed_at and timezone.now() - feed.renewed_at < RENEW_PAUSE:
        raise NotPossible(
            "このアドレスは、たった今替えました。表示されなかったときは、30秒ほど待ってからもう一度替えてください。",
            code="just_renewed",
        )
    secret = secrets.token_urlsafe(DIGITS)
    feed.secret_digest = digest_of(secret)
    feed.renewed_at = timezone.now()
    feed.save()
    return feed, secret


@transaction.atomic
def end(feed_id: int, *, user: Any) -> None:
    locked(CalendarFeed.objects.editable_by(user), feed_id).delete()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def find(secret: str) -> CalendarFeed | None:
    """The feed of an address while the membership behind it is in force; None for every other secret."""
    memberships = Membership.objects.current()
    feeds = CalendarFeed.objects.filter(secret_digest=digest_of(secret), membership__in=memberships)
    return feeds.select_related("user", "membership__organization__prefecture").first()


def events_of(feed: CalendarFeed) -> list[FeedEvent]:
    """What the membership may read at this moment, from the fiscal year before on: asked anew each time."""
    user = feed.user
    # Whoever holds the address reads with the feed's membership, whatever the person works under in the portal.
    user.acting = feed.membership
    rows = Occasion.objects.for_user(user)
    if feed.scope == FeedScope.OWN:
        rows = rows.attended_by(user)
    first_day = bounds(fiscal_year_of(timezone.localdate()) - 1)[0]
    start = timezone.make_aware(dt.datetime.combine(first_day, dt.time()))
    rows = list(rows.filter(starts_at__gte=start).prefetch_related(with_bodies()))
    recall_bodies(rows)
    return [event_of(occasion) for occasion in rows]


def event_of(occasion: Occasion) -> FeedEvent:
    """Needs ``bodies`` with their names. Neither agenda nor attendance nor anything that hangs on it leaves the portal."""
    bodies = "、".join(str(body) for body in occasion.bodies.all())
    lines = (f"団体：{bodies}" if bodies else "", f"方法：{occasion.get_mode_display()}", occasion.address)
    called_off = occasion.state in CALLED_OFF
    return FeedEvent(
        uid=f"{occasion.uid}@dxportal",
        sequence=occasion.sequence,
        title=f"【{occasion.get_state_display()}】{occasion.title}" if called_off else occasion.title,
        starts_at=occasion.starts_at,
        ends_at=occasion.ends_at,
        changed_at=occasion.updated_at,
        cancelled=called_off,
        place=occasion.place,
        description="\n".join(line for line in lines if line),
        url=absolute(reverse("occasions:detail", args=[occasion.pk])),
    )


def etag_of(events: list[FeedEvent]) -> str:
    """The same for the same events: asked before anything is written out."""
    return f'"{hashlib.sha256(repr(events).encode()).hexdigest()[:32]}"'
