"""The brief of a session: one page to be read on a screen or taken along on paper, in two versions."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from consultations.domain.actions.overdue import due_words, is_overdue
from consultations.domain.materials.parts import SessionPart
from consultations.domain.sessions import memo
from consultations.enums import ACTING_ROLES, ActionBearer, ActionState
from consultations.models import Session, Topic
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.pages import ActPage, Crumbs, ScopedObject, crumbs
from dxportal.portal.domain.brief import store
from dxportal.portal.domain.brief.content import OpenAction, SupportBrief, TownBrief, for_support, for_town
from dxportal.portal.domain.brief.store import DatedBrief

MAKING_ROLES = ACTING_ROLES | {Role.BUREAU_STAFF}
TITLE = "事前資料"


@dataclass(frozen=True, slots=True)
class BriefAction:
    """``words``: how its due day read on the day of the brief."""

    action: OpenAction
    bearer: str
    overdue: bool
    words: str


def action_lines(actions: tuple[OpenAction, ...], day: dt.date) -> list[BriefAction]:
    return [
        BriefAction(
            action,
            ActionBearer(action.bearer).label,
            is_overdue(ActionState.OPEN, action.due_day, day),
            due_words(ActionState.OPEN, action.due_day, day),
        )
        for action in actions
    ]


class BriefBase(ScopedObject):
    """A session that the person sees, and of its towns one in the person's reach: the one of the address or the first."""

    model = Session
    scope = "for_user"
    name = "session"
    related = ("occasion", "kind")

    def enter(self) -> None:
        super().enter()
        self.towns = list(store.towns_for(self.session, self.user))
        if not self.towns:
            raise PermissionDenied
        wanted = self.request.POST.get("organization") or self.request.GET.get("organization") or ""
        chosen = [town for town in self.towns if str(town.pk) == wanted] if wanted else self.towns
        if not chosen:
            raise Http404
        self.town: Organization = chosen[0]

    def address(self) -> str:
        return f"{reverse('portal:brief', args=[self.session.pk])}?organization={self.town.pk}"


class BriefPage(BriefBase, TemplateView):
    template_name = "portal/brief/page.html"

    @cached_property
    def dated(self) -> DatedBrief | None:
        return store.brief_for(self.session, self.town)

    def version(self, dated: DatedBrief) -> TownBrief | SupportBrief:
        """What the reader's side is to know: a town never gets a value that could hold a memo."""
        if self.user.acting.organization.is_municipality:
            return for_town(dated.brief)
        last = next(iter(dated.brief.content.last), None)
        before = Session.objects.for_user(self.user).filter(pk=last.session).first() if last else None
        return for_support(dated.brief, memo.text_for(before, self.user) if before else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {
            "occasion": self.session.occasion,
            "town": self.town,
            "towns": self.towns,
            "crumbs": self.crumbs(),
            "dated": self.dated,
            "for_town": self.user.acting.organization.is_municipality,
            "may_make": self.user.role in MAKING_ROLES and self.session.occasion.state == OccasionState.PLANNED,
        }
        if self.dated is not None:
            brief = self.version(self.dated)
            # Read now and not kept: what was withdrawn since the brief was made is not told.
            topics = Topic.objects.released_to(self.user).filter(pk__in=brief.content.topics)
            rank = {pk: place for place, pk in enumerate(brief.content.topics)}
            context |= {
                "brief": brief,
                "actions": action_lines(brief.content.actions, timezone.localdate(self.dated.made_at)),
                "topics": sorted(topics.select_related("organization", "area"), key=lambda topic: rank[topic.pk]),
            }
        return super().get_context_data(**(context | kwargs))

    def crumbs(self) -> Crumbs:
        session = (self.session.occasion.title, "consultations:session", self.session.pk)
        return crumbs(("よろず相談", "consultations:sessions"), session, TITLE)


class BriefMake(BriefBase, ActPage):
    """The button on the brief: as of now, over what was stored."""

    roles = MAKING_ROLES
    post_only = True

    def act(self, form: None) -> str:
        store.make_anew(self.session, self.town, user=self.user)
        return f"{self.town.name}の{TITLE}を作り直しました。"

    def get_success_url(self) -> str:
        return self.address()


def part_of(session: Session, user: User) -> SessionPart | None:
    """The link on the session's page: for whoever reads a brief of it, as long as there is or can be one."""
    if session.occasion.state in (OccasionState.CANCELLED, OccasionState.POSTPONED):
        return None
    if not store.towns_for(session, user).exists():
        return None
    return SessionPart(links=((TITLE, reverse("portal:brief", args=[session.pk])),))
