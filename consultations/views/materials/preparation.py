"""What a town is asked to prepare: written by the supporting side, read on the session's page."""

from functools import cached_property
from typing import Any

from django.urls import reverse

from consultations.domain.materials import preparation
from consultations.domain.materials.preparation import PARTS
from consultations.forms.materials import PreparationForm
from consultations.models import Preparation
from consultations.views.sessions.base import SessionPage
from dxportal.core.occasions.enums import OccasionState
from dxportal.core.ui.pages import ActPage


class PreparationPage(SessionPage, ActPage):
    """Begins with what was asked the last time; nothing of it is stored before it is saved."""

    scope = "editable_by"
    form_class = PreparationForm
    template_name = "consultations/materials/preparation.html"
    heading = "準備のお願いを書く"
    button = "保存する"
    here = "準備のお願い"

    @cached_property
    def row(self) -> Preparation | None:
        return preparation.stored(self.session)

    def not_now(self) -> str:
        planned = self.session.occasion.state == OccasionState.PLANNED
        return "" if planned else "この相談は予定ではないため、準備のお願いを変えられません。"

    def get_initial(self) -> dict[str, Any]:
        source = self.row or preparation.last_like(self.session, self.user)
        content = preparation.content_of(source)
        return {name: getattr(content, name) for name in PARTS} | {"revision": self.row.revision if self.row else 0}

    def act(self, form: PreparationForm) -> str:
        revision = form.cleaned_data["revision"] or 0
        preparation.save(self.session.pk, form.content(), revision=revision, user=self.user)
        return "準備のお願いを保存しました。団体は相談の画面で読めます。"

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])
