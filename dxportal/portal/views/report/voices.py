"""What towns say of the support: asking them, their form, and what they said by subject."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.ui.pages import ActPage, Crumbs, ForRoles, crumbs
from dxportal.portal.domain.report import voices
from dxportal.portal.domain.report.content import by_subject
from dxportal.portal.forms.recheck import YearAddress
from dxportal.portal.forms.report import VoiceAskForm, VoiceForm
from dxportal.portal.models import SupportSurvey, SupportVoice

TITLE = "支援への声"
TOP = (TITLE, "portal:voices")


class VoiceList(ForRoles, TemplateView):
    """For the prefecture and those who support it, by name; a town's answering people go on to their own form."""

    template_name = "portal/report/voices.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.user.is_answering:
            return redirect("portal:voice_write")
        if self.user.acting.organization.kind == OrganizationKind.BUREAU:
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        survey = voices.newest_survey(self.user)
        last = survey.fiscal_year if survey else fiscal_year_of(timezone.localdate())
        address = YearAddress(self.request.GET, this_year=last)
        year = address.values.year or last
        rows = voices.voices_of(self.user, year, named=True)
        context = {
            "form": address,
            "year": year,
            "survey": SupportSurvey.objects.for_user(self.user).filter(fiscal_year=year).first(),
            "subjects": by_subject(rows),
            "towns": len({voice.town for voice in rows}),
            "may_ask": self.user.role in OFFICE_ROLES,
            "may_report": self.user.acting.organization.kind == OrganizationKind.PREFECTURE,
            "crumbs": crumbs(TITLE),
        }
        return super().get_context_data(**(context | kwargs))


class VoiceWrite(ActPage):
    """One a town and year; it may be changed until the survey's last day."""

    roles = ANSWERING_ROLES
    form_class = VoiceForm
    template_name = "portal/report/voice.html"
    heading = "支援への声を書く"
    button = "送る"
    once = True

    @cached_property
    def survey(self) -> SupportSurvey | None:
        return voices.newest_survey(self.user)

    @cached_property
    def voice(self) -> SupportVoice | None:
        return voices.own_voice(self.survey, self.user) if self.survey else None

    def not_now(self) -> str:
        if self.survey is None:
            return voices.NOT_ASKED
        return "" if voices.is_open(self.survey) else voices.CLOSED

    def get_initial(self) -> dict[str, Any]:
        return voices.texts_of(self.voice) | {"revision": self.voice.revision if self.voice else 0}

    def act(self, form: VoiceForm) -> str:
        if self.survey is None:
            raise PermissionDenied
        voices.say(self.survey.pk, form.texts(), revision=form.cleaned_data["revision"] or 0, user=self.user)
        return "ありがとうございます。締切日までは書き直せます。"

    def get_success_url(self) -> str:
        return reverse("portal:voice_write")

    def get_back_url(self) -> str:
        return reverse("portal:home")

    def crumbs(self) -> Crumbs:
        return crumbs(TITLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"survey": self.survey, "voice": self.voice} | kwargs))


class VoiceAsk(ActPage):
    """Begins the year's survey; asked again, it gets another last day."""

    roles = OFFICE_ROLES
    form_class = VoiceAskForm
    heading = "支援について団体に聞く"
    button = "受付を始める"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def act(self, form: VoiceAskForm) -> str:
        survey = voices.ask_towns(form.cleaned_data["year"], form.cleaned_data["closes_on"], user=self.user)
        return f"{survey.fiscal_year}年度の受付を始めました。団体は「{TITLE}」から回答します。"

    def get_success_url(self) -> str:
        return reverse("portal:voices")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, self.heading)
