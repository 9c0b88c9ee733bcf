"""The list of surveys."""

from django.db.models import Count, Q
from django.urls import reverse

from assessments.enums import HANDED_IN_STATES
from assessments.forms.surveys import SurveyFilter
from assessments.models import Survey
from dxportal.core.ui.japanese import fiscal_label
from dxportal.core.ui.pages import ListPage, crumbs


class SurveyList(ListPage):
    """Surveys by year, each with how many of its responses (in the person's reach) are handed in."""

    model = Survey
    scope = "for_user"
    related = ("questionnaire", "group", "prefecture")
    address_class = SurveyFilter
    template_name = "assessments/surveys/list.html"
    heading = "調査"

    def queryset(self, rows):
        mine = self.user.reach("responses__organization")
        handed_in = mine & Q(responses__state__in=HANDED_IN_STATES)
        # The reach filters the counts and not the rows: a survey that has no responses yet stays in the list, with 0.
        return rows.annotate(
            expected=Count("responses", filter=mine, distinct=True),
            handed_in=Count("responses", filter=handed_in, distinct=True),
        )

    def filtered(self, rows):
        return rows.filter(fiscal_year=self.filters.year) if self.filters.year else rows

    def ordered(self, rows):
        return rows.order_by("-fiscal_year", "-opens_at", "-pk")

    def crumbs(self):
        return crumbs(self.heading)

    def get_context_data(self, **kwargs):
        here = reverse("assessments:survey_list")
        visible = Survey.objects.for_user(self.user)
        # An order of its own: the model's would add its columns to the DISTINCT, and a year would come several times.
        years = visible.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
        tabs = [("すべての年度", here, not self.filters.year)]
        tabs += [(fiscal_label(year), f"{here}?year={year}", self.filters.year == year) for year in years]
        return super().get_context_data(tabs=tabs, **kwargs)
