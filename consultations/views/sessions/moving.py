"""Another time: moved by the supporting side, or asked for by a town."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.domain.sessions import moving
from consultations.domain.sessions.log import towns_of
from consultations.enums import MoveRequestAct, MoveRequestState
from consultations.forms.sessions import MoveAskForm, MoveDeclineForm, MoveTakeForm, ShiftForm
from consultations.models import MoveRequest
from consultations.views.sessions.base import TOP, SessionPage
from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.ui.fields import moment, moment_initial
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.pages import ActPage, Crumbs, ScopedObject, crumbs
from dxportal.core.ui.tags.text import datetime_ja


class SessionShift(SessionPage, ActPage):
    scope = "editable_by"
    form_class = ShiftForm
    template_name = "consultations/sessions/move.html"
    heading = here = "日時を変える"
    button = "変える"

    def not_now(self) -> str:
        return "" if self.session.occasion.state == "planned" else "日時を変えられるのは、予定の相談だけです。"

    def get_initial(self) -> dict[str, Any]:
        occasion = self.session.occasion
        return moment_initial("starts", occasion.starts_at) | {"revision": occasion.revision}

    def revision_of(self, current: Any) -> Any:
        return current.revision

    def act(self, form: ShiftForm) -> str:
        cleaned = form.cleaned_data
        moved = moving.shift(
            self.session.pk,
            moment(cleaned, "starts"),
            user=self.user,
            following=cleaned["following"],
            revision=cleaned["revision"],
        )
        return f"{len(moved)}件の日時を変えました。" if len(moved) > 1 else "日時を変えました。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])


class MoveAsk(SessionPage, ActPage):
    """A town proposes other times."""

    roles = ANSWERING_ROLES
    form_class = MoveAskForm
    template_name = "consultations/sessions/move.html"
    heading = here = "日程の変更を依頼する"
    button = "依頼する"
    once = True

    def enter(self) -> None:
        super().enter()
        if self.user.acting.organization_id not in towns_of(self.session):
            raise PermissionDenied

    def not_now(self) -> str:
        return "" if moving.may_ask(self.session, self.user) else "依頼できるのは、これからの予定だけです。"

    def act(self, form: MoveAskForm) -> str:
        moving.ask(self.session.pk, form.proposed(), reason=form.cleaned_data["reason"], user=self.user)
        return "日程の変更を依頼しました。担当者が候補の中から選びます。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])


class MoveRequestPage(ScopedObject, ActPage):
    """The answer to a request: one of the proposed times, or why not; or taking it back."""

    model = MoveRequest
    scope = "editable_by"
    name = "move_request"
    related = ("session__occasion", "organization")
    template_name = "consultations/sessions/request.html"
    deed: MoveRequestAct = MoveRequestAct.TAKE

    def enter(self) -> None:
        self.roles = moving.MOVE_REQUESTS.table.roles(self.deed)
        self.heading = self.button = self.deed.label
        super().enter()

    def get_form(self, data: Any = None, files: Any = None) -> PortalForm:
        if self.deed == MoveRequestAct.TAKE:
            return MoveTakeForm(data, request=self.move_request, words=datetime_ja)
        return MoveDeclineForm(data) if self.deed == MoveRequestAct.DECLINE else PortalForm(data)

    def not_now(self) -> str:
        waits = self.move_request.state == MoveRequestState.OPEN
        return "" if waits else f"この依頼は「{self.move_request.get_state_display()}」です。"

    def act(self, form: PortalForm) -> str:
        chosen = form.moment() if isinstance(form, MoveTakeForm) else None
        reason = form.cleaned_data.get("reason", "")
        moving.answer(self.move_request.pk, self.deed, user=self.user, chosen=chosen, reason=reason)
        return "日時を変えました。" if chosen else "依頼に回答しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.move_request.session_id])

    def crumbs(self) -> Crumbs:
        session = self.move_request.session
        return crumbs(TOP, (session.occasion.title, "consultations:session", session.pk), self.heading)
