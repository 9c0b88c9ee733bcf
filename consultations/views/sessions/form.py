"""Making a session."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.domain.actions.write import towns_for
from consultations.domain.sessions import write
from consultations.enums import ACTING_ROLES
from consultations.forms.sessions import SessionForm, this_year
from consultations.models import Session
from consultations.views.sessions.base import TOP
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class SessionCreate(ActPage):
    """Planned, or held already and to be logged next."""

    once = True
    roles = ACTING_ROLES
    form_class = SessionForm
    template_name = "consultations/sessions/form.html"
    heading = "相談を登録する"
    button = "登録する"
    saved: Session

    def enter(self) -> None:
        super().enter()
        self.rules = write.kinds_for(self.user, this_year())
        self.towns = towns_for(self.user)
        if not self.rules or not self.towns.exists():
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rules": self.rules, "towns": self.towns}

    def get_initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        rules = self.rules.get(kind) or next(iter(self.rules.values()))
        chosen = self.request.GET.get("organization", "")
        return {"kind": rules.code, "minutes": rules.minutes, "organizations": [chosen] if chosen.isdecimal() else []}

    def act(self, form: SessionForm) -> str:
        self.saved = write.create(form.draft(), user=self.user)
        return f"「{self.saved.occasion.title}」を登録しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("consultations:sessions")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, "新しい相談")
