"""履歴 of one municipality's tier."""

from django.views.generic import TemplateView

from assessments.domain.history import TIERS
from assessments.models import TierAssignment
from assessments.views.tiers.base import tier_crumbs
from dxportal.core.history.trail import newest
from dxportal.core.ui.pages import ScopedObject


class TierHistory(ScopedObject, TemplateView):
    """For those who may see that tier."""

    model = TierAssignment
    scope = "for_user"
    name = "assignment"
    related = ("organization", "classification__survey")
    template_name = "assessments/surveys/object_history.html"

    def get_context_data(self, **kwargs):
        events = TIERS.events.objects.filter(pgh_obj=self.assignment.pk)
        if self.user.acting.organization.is_municipality:
            events = events.filter(pgh_created_at__gte=self.assignment.classification.published_at)
        context = {
            "heading": f"{self.assignment.organization}の支援分類の履歴",
            "entries": newest(TIERS, events),
            "crumbs": tier_crumbs(self.assignment.classification.survey, "支援分類の履歴"),
        }
        return super().get_context_data(**context, **kwargs)
