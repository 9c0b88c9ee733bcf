"""The list of surveys, and setting one up."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, ListView

from assessments.domain.surveys import surveys
from assessments.enums import HANDED_IN_STATES, SurveyRound
from assessments.forms.surveys.surveys import SurveyForm
from assessments.models import Survey
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.accounts.views.mixins import RoleRequiredMixin, ScopedMixin
from dxportal.core.ui.japanese import fiscal_label


def crumbs(*items):
    """From the list of surveys down."""
    return [("ホーム", "/"), ("調査", reverse("assessments:survey_list")), *items]


def survey_crumbs(survey: Survey, *items):
    return crumbs((survey.title, reverse("assessments:survey_detail", args=[survey.pk])), *items)


class SurveyList(ScopedMixin, ListView):
    """Surveys by year, each with how many of its sheets (in the person's reach) are handed in."""

    model = Survey
    scope = "for_user"
    paginate_by = 50
    template_name = "assessments/surveys/list.html"

    def get_queryset(self):
        year = self.request.GET.get("year", "")
        rows = super().get_queryset().select_related("questionnaire", "group", "prefecture")
        mine = self.request.user.reach("responses__organization")
        handed_in = mine & Q(responses__state__in=HANDED_IN_STATES)
        rows = rows.annotate(
            asked=Count("responses", filter=mine, distinct=True),
            handed_in=Count("responses", filter=handed_in, distinct=True),
        )
        rows = rows.filter(fiscal_year=int(year)) if year.isdecimal() and len(year) == 4 else rows
        return rows.order_by("-fiscal_year", "-opens_at", "-pk")

    def get_context_data(self, **kwargs):
        visible = Survey.objects.for_user(self.request.user)
        years = visible.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
        chosen = self.request.GET.get("year", "")
        tabs = [("すべての年度", "?", not chosen)]
        tabs += [(fiscal_label(year), f"?year={year}", chosen == str(year)) for year in years]
        return super().get_context_data(**kwargs) | {"tabs": tabs, "crumbs": [("ホーム", "/"), ("調査", None)]}


class SurveyFormView(RoleRequiredMixin, FormView):
    """What creating and changing share: the domain's errors come back on the fields."""

    roles = PREFECTURE_ROLES
    form_class = SurveyForm
    template_name = "assessments/surveys/form.html"
    survey: Survey | None = None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user, "survey": self.survey}

    def form_valid(self, form):
        try:
            survey = self.save(form.values())
        except ValidationError as error:
            form.take(error)
            return self.form_invalid(form)
        messages.success(self.request, f"「{survey.title}」を保存しました。")
        return HttpResponseRedirect(reverse("assessments:survey_detail", args=[survey.pk]))


class SurveyCreate(SurveyFormView):
    """``?review=<pk>`` fills in the review round of that survey."""

    def get_initial(self):
        pk = self.request.GET.get("review", "")
        first = Survey.objects.editable_by(self.request.user).filter(pk=pk).first() if pk.isdecimal() else None
        return review_of(first) if first else {}

    def save(self, values):
        return surveys.create(values, user=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"heading": "調査の作成", "crumbs": crumbs(("調査の作成", None))}


class SurveyEdit(SurveyFormView):
    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = Survey.objects.for_user(request.user).select_related("questionnaire", "group", "previous")
            self.survey = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def save(self, values):
        return surveys.change(self.survey.pk, values, user=self.request.user)

    def get_context_data(self, **kwargs):
        trail = survey_crumbs(self.survey, ("設定の変更", None))
        return super().get_context_data(**kwargs) | {
            "heading": "調査の設定の変更",
            "crumbs": trail,
            "survey": self.survey,
        }


def review_of(first: Survey) -> dict:
    """A review round's settings as the first round suggests them."""
    names = ("title", "fiscal_year", "questionnaire", "group", "contact", "visibility")
    return {name: getattr(first, name) for name in names} | {"round": SurveyRound.REVIEW, "previous": first}
