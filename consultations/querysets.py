"""Who sees and changes which record of the consultations."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from consultations.enums import (
    ACTING_ROLES,
    MEMO_OFFICE_ROLES,
    OWN_MEETINGS,
    SUPPORTING_ROLES,
    ActionBearer,
    ProductSharing,
    QuestionState,
    ShelfState,
    TopicAudience,
    TopicOrigin,
    TopicState,
)
from dxportal.core.accounts.enums import Role
from dxportal.core.occasions.models import Occasion, OccasionBody
from dxportal.core.occasions.querysets import sees_whole_prefecture

# What other towns read of a topic, they read of these alone.
RELEASED = {"state": TopicState.RELEASED, "audience": TopicAudience.PREFECTURE}


def in_charge(user, path: str) -> Exists:
    """Sessions (their occasion at ``path``) in which a town of the person's charge takes part."""
    return Exists(OccasionBody.objects.filter(user.reach(), occasion=OuterRef(path)))


class ActionQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those that concern a municipality in reach: consultants' charges, a bureau's area, a town's own."""
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        """For the supporting side every one in reach; for a town those that the town itself is to do."""
        if user.role in SUPPORTING_ROLES:
            return self.for_user(user)
        return self.for_user(user).filter(bearer=ActionBearer.TOWN) if user.is_answering else self.none()


class DigestQuerySet(models.QuerySet):
    """Each person's own."""

    def for_user(self, user):
        return self.filter(user=user)

    def editable_by(self, user):
        return self.for_user(user)


class SessionQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those whose occasion the person sees: the record is for those present, their area and the prefecture."""
        return self.filter(occasion__in=Occasion.objects.for_user(user)) if user.acting else self.none()

    def editable_by(self, user):
        """The supporting side's, a consultant's charges alone; of meetings without a consultant, who holds them."""
        if user.role not in SUPPORTING_ROLES and not user.is_answering:
            return self.none()
        rows = self.filter(occasion__in=Occasion.objects.editable_by(user))
        if user.role == Role.CONSULTANT:
            return rows.filter(in_charge(user, "occasion"))
        return rows.filter(kind__code__in=OWN_MEETINGS) if user.is_answering else rows

    def with_memo_for(self, user):
        """Sessions whose memo the person reads and writes: the prefecture's staff, the support team's office and the
        consultant in charge; being present is not enough."""
        if user.role in MEMO_OFFICE_ROLES:
            return self.for_user(user)
        if user.role == Role.CONSULTANT:
            return self.for_user(user).filter(in_charge(user, "occasion"))
        return self.none()


class MemoQuerySet(models.QuerySet):
    def for_user(self, user):
        sessions = self.model._meta.get_field("session").related_model
        return self.filter(session__in=sessions.objects.with_memo_for(user))

    def editable_by(self, user):
        return self.for_user(user)


class PrefectureQuerySet(models.QuerySet):
    """Rows of a prefecture: its members read them, the office writes them."""

    def for_user(self, user):
        return self.filter(prefecture=user.acting.organization.prefecture_id) if user.acting else self.none()

    def editable_by(self, user):
        return self.filter(prefecture=user.acting.organization_id) if user.role in MEMO_OFFICE_ROLES else self.none()


class FrequencyQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        return self.for_user(user) if user.role in SUPPORTING_ROLES else self.none()


class SkipQuerySet(models.QuerySet):
    """A town says it itself, or the supporting side for it."""

    def for_user(self, user):
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        return self.for_user(user) if user.role in ACTING_ROLES else self.none()


class MoveRequestQuerySet(models.QuerySet):
    def for_user(self, user):
        """A town's own; for the others those of the sessions that they see."""
        if user.acting is None:
            return self.none()
        return self.filter(user.reach(), session__occasion__in=Occasion.objects.for_user(user))

    def editable_by(self, user):
        """Answered by the supporting side, withdrawn by the town."""
        may = user.role in SUPPORTING_ROLES or user.is_answering
        return self.for_user(user) if may else self.none()


class TopicQuerySet(models.QuerySet):
    """``for_user`` and ``editable_by`` are about a topic's own texts; what other towns read is ``released_to`` alone."""

    def for_user(self, user):
        """Those of the towns in reach, and of the sessions at which the person's body was present."""
        if not user.acting:
            return self.none()
        if sees_whole_prefecture(user):
            return self.filter(user.reach())
        # Two reads put together, each by its own index: joined by OR, every topic of the nation would be looked at.
        every = self.model._default_manager.order_by()
        present = every.filter(session__occasion__in=Occasion.objects.for_user(user).order_by())
        return self.filter(pk__in=every.filter(user.reach()).values("pk").union(present.values("pk")))

    def editable_by(self, user):
        """The supporting side's, of the towns in reach; a town's own, as long as it proposed or asked it itself."""
        if user.role in SUPPORTING_ROLES:
            return self.filter(user.reach())
        own = (TopicOrigin.PROPOSED, TopicOrigin.QUESTION)
        return self.filter(user.reach(), origin__in=own) if user.is_answering else self.none()

    def released_to(self, user):
        """Those whose summary everybody in the prefecture may read by now."""
        if not user.acting:
            return self.none()
        prefecture = user.acting.organization.prefecture_id
        return self.filter(organization__prefecture=prefecture, **RELEASED)

    def decided_by(self, user):
        """Those whose summary the person moves: the supporting side's, and the town that it concerns."""
        may = user.role in SUPPORTING_ROLES or user.is_answering
        return self.filter(user.reach()) if may else self.none()


class ContactRequestQuerySet(models.QuerySet):
    """Requests of a town to hear more: for the two towns and whoever supports one of them."""

    def for_user(self, user):
        if not user.acting:
            return self.none()
        prefecture = user.acting.organization.prefecture_id
        return self.filter(
            user.reach() | user.reach("topic__organization"),
            organization__prefecture=prefecture,
            topic__organization__prefecture=prefecture,
        )

    def editable_by(self, user):
        """Answered by the town that is asked."""
        return self.for_user(user).filter(user.reach("topic__organization")) if user.is_answering else self.none()


class TopicPartQuerySet(models.QuerySet):
    """Remarks and links: as their topic."""

    def for_user(self, user):
        return self.filter(topic__in=self.topics.for_user(user))

    def editable_by(self, user):
        return self.filter(topic__in=self.topics.editable_by(user))

    @property
    def topics(self):
        return self.model._meta.get_field("topic").related_model.objects.all()


class ProductQuerySet(models.QuerySet):
    """The other towns' rows are among those of ``for_user``: what of them may be read, ``domain.products.lines`` says."""

    def for_user(self, user):
        """Those of the towns in reach (``in_reach``), and those that other towns of the prefecture share."""
        if not user.acting:
            return self.none()
        prefecture = user.acting.organization.prefecture_id
        shared = Q(organization__prefecture=prefecture) & ~Q(sharing=ProductSharing.NONE)
        mine = models.Case(models.When(user.reach(), then=True), default=False, output_field=models.BooleanField())
        return self.filter(user.reach() | shared).annotate(in_reach=mine)

    def editable_by(self, user):
        """The supporting side's in reach; a town's own."""
        may = user.role in SUPPORTING_ROLES or user.is_answering
        return self.filter(user.reach()) if may else self.none()


class QuestionQuerySet(models.QuerySet):
    """A question's own side is its town, the prefecture and the consultant in charge; other towns see those put to them."""

    def own_of(self, user):
        return self.filter(user.reach("topic__organization")) if user.acting else self.none()

    def for_user(self, user):
        if not user.acting:
            return self.none()
        # The body itself and not its reach: a bureau or a consultant of the town that is asked is not asked.
        put = Exists(self.asked_rows().filter(question=OuterRef("pk"), organization=user.acting.organization_id))
        return self.filter(user.reach("topic__organization") | Q(put))

    def editable_by(self, user):
        """Its own side, which accepts an answer or withdraws."""
        may = user.role in SUPPORTING_ROLES or user.is_answering
        return self.own_of(user) if may else self.none()

    def answerable_by(self, user):
        """Open ones: for its own side, and for the towns that it is put to."""
        may = user.role in SUPPORTING_ROLES or user.is_answering
        return self.for_user(user).filter(state=QuestionState.OPEN) if may else self.none()

    def asked_rows(self):
        return self.model._meta.get_field("asked_towns").related_model.objects.all()


class TownSettingQuerySet(models.QuerySet):
    """A town's own word: read by those who have it in reach, given by the town."""

    def for_user(self, user):
        return self.filter(user.reach()) if user.acting else self.none()

    def editable_by(self, user):
        return self.for_user(user) if user.is_answering else self.none()


class SessionPartQuerySet(models.QuerySet):
    """What hangs on a session, read and written by those who read and write its record."""

    def for_user(self, user):
        return self.filter(session__in=self.sessions.for_user(user))

    def editable_by(self, user):
        return self.filter(session__in=self.sessions.editable_by(user))

    @property
    def sessions(self):
        return self.model._meta.get_field("session").related_model.objects.all()


class SnippetQuerySet(models.QuerySet):
    """One's own under the prefecture that one works for; the shared ones are the supporting side's."""

    def for_user(self, user):
        if user.acting is None:
            return self.none()
        inside = self.filter(prefecture=user.acting.organization.prefecture_id)
        shared = Q(owner__isnull=True) if user.role in SUPPORTING_ROLES else Q(pk=None)
        return inside.filter(shared | Q(owner=user))

    def editable_by(self, user):
        """A shared one by whoever supports: it is everybody's."""
        return self.for_user(user) if user.role in ACTING_ROLES else self.none()


class ShelfQuerySet(models.QuerySet):
    """Released items are for the whole prefecture; before that they are for those who write them and who must agree."""

    def for_user(self, user):
        if not user.acting:
            return self.none()
        prefecture = user.acting.organization.prefecture_id
        out = Q(prefecture=prefecture, state__in=(ShelfState.RELEASED, ShelfState.SUPERSEDED))
        named = Exists(self.agreements().filter(item=OuterRef("pk"), organization=user.acting.organization_id))
        waiting = Q(named, prefecture=prefecture, state__in=(ShelfState.AGREEING, ShelfState.APPROVING))
        return self.filter(out | waiting | self.written_by(user))

    def written_by(self, user) -> Q:
        """The supporting side writes all of its prefecture, a town's people their own."""
        if user.role in SUPPORTING_ROLES:
            return Q(prefecture=user.acting.organization.prefecture_id)
        return Q(organization=user.acting.organization_id) if user.is_answering else Q(pk__in=())

    def editable_by(self, user):
        return self.filter(self.written_by(user)) if user.acting else self.none()

    def movable_by(self, user):
        """Also those to which the person's town must agree."""
        if not user.acting:
            return self.none()
        named = Exists(self.agreements().filter(item=OuterRef("pk"), organization=user.acting.organization_id))
        return self.filter(self.written_by(user) | Q(named))

    def agreements(self):
        return self.model._meta.get_field("agreements").related_model.objects.all()
