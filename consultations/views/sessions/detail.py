"""A session's page, its memo, the moves of its occasion, and what the towns say of the record."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from consultations.domain.actions.lines import lines, overdue_first
from consultations.domain.materials import preparation
from consultations.domain.materials.parts import parts_of
from consultations.domain.sessions import memo, moving, replies, write
from consultations.domain.sessions.history import of_session
from consultations.domain.sessions.log import is_due, last_before, may_propose, towns_of
from consultations.domain.sessions.people import missing_capacities
from consultations.enums import CONFIRMING_ROLES
from consultations.forms.sessions import ReplyForm
from consultations.models import Action, Session
from consultations.views.sessions.base import SessionPage
from dxportal.core.occasions.domain.bodies import recall_bodies, with_bodies
from dxportal.core.occasions.domain.moves import possible_moves
from dxportal.core.occasions.enums import OccasionMove, OccasionState
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.pages import ActPage, ReasonForm


class SessionDetail(SessionPage, TemplateView):
    template_name = "consultations/sessions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.session
        prefetch_related_objects([session.occasion], with_bodies())
        recall_bodies([session.occasion])
        actions = Action.objects.for_user(self.user).filter(session=session).select_related("organization")
        moves = possible_moves(session.occasion, self.user) if self.may_edit else frozenset()
        if self.user.role not in CONFIRMING_ROLES:
            moves -= {OccasionMove.CONFIRM}
        context = {
            "memo": self.memo,
            "possible": moves,
            "bodies": session.occasion.bodies.all(),
            "attendances": session.occasion.attendances.select_related("user", "supporter"),
            "actions": lines(overdue_first(actions, timezone.localdate())),
            "topics": session.topics.select_related("organization", "area"),
            "may_propose": may_propose(session, self.user),
            "before": last_before(session, self.user),
            "requests": session.move_requests.filter(self.user.reach()).select_related("organization"),
            "may_ask": moving.may_ask(session, self.user),
            "may_reply": replies.may_reply(session, self.user),
            "replies": session.replies.select_related("organization"),
            "entries": of_session(session)[0:20],
            "due": is_due(session),
            "missing": missing_capacities(session),
            "cap": cap_words(session),
            "parts": parts_of(session, self.user),
            "preparation": preparation.stored(session),
            "may_prepare": self.may_edit and session.occasion.state == OccasionState.PLANNED,
            "attachments": session.attachments.all(),
        }
        return super().get_context_data(**(context | kwargs))


def cap_words(session: Session) -> str:
    """「3回まで（見本市 2回）」 of a kind with a cap."""
    counted = write.cap_of(session)
    if counted is None:
        return ""
    rules, numbers = counted
    names = dict(Organization.objects.filter(pk__in=numbers).values_list("pk", "name"))
    held = "、".join(f"{names[pk]} {number}回" for pk, number in numbers.items())
    return f"一つの団体で年度に{rules.cap}回まで（{held}）" if held else f"一つの団体で年度に{rules.cap}回まで"


class SessionMoved(SessionPage, ActPage):
    """A move of the session's occasion."""

    scope = "editable_by"
    form_class = ReasonForm
    template_name = "consultations/sessions/move.html"
    move: OccasionMove = OccasionMove.CONFIRM

    def enter(self) -> None:
        if self.move == OccasionMove.CONFIRM:
            self.roles = CONFIRMING_ROLES
        self.heading = self.button = self.here = self.move.label
        super().enter()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = missing_capacities(self.session) if self.move == OccasionMove.CONFIRM else []
        return super().get_context_data(**({"missing": missing} | kwargs))

    def not_now(self) -> str:
        if self.move in possible_moves(self.session.occasion, self.user):
            return ""
        return f"この相談は現在「{self.session.occasion.get_state_display()}」です。"

    def act(self, form: ReasonForm) -> str:
        write.make_move(self.session, self.move, user=self.user, reason=form.cleaned_data["reason"])
        self.session.occasion.refresh_from_db()
        return f"「{self.session.occasion.title}」を「{self.session.occasion.get_state_display()}」にしました。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])


class MemoVersions(SessionPage, TemplateView):
    """Only for the readers of the memo: strangers to it do not learn that there is one."""

    template_name = "consultations/sessions/memo.html"
    here = "支援側のメモの版"

    def enter(self) -> None:
        super().enter()
        if not memo.may_read(self.session, self.user):
            raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = memo.versions(self.session, user=self.user)
        return super().get_context_data(**({"versions": versions} | kwargs))


class ReplyPage(SessionPage, ActPage):
    """A town that took part confirms the record."""

    form_class = ReplyForm
    template_name = "consultations/sessions/reply.html"
    heading = "記録を確かめる"
    button = "送る"
    here = "記録の確認"
    once = True

    def enter(self) -> None:
        super().enter()
        if not self.user.is_answering or self.user.acting.organization_id not in towns_of(self.session):
            raise PermissionDenied

    def not_now(self) -> str:
        return "" if self.session.occasion.took_place else "相談が実施されると、記録を確かめられます。"

    def act(self, form: ReplyForm) -> str:
        replies.reply(self.session.pk, user=self.user, **form.cleaned_data)
        return "記録の確認を送りました。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])
