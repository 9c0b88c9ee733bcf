"""Surveys, answers, scores and tiers."""

from django.apps import AppConfig

from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES, Role
from dxportal.core.ui.frame import navigation


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "調査"

    def ready(self):
        from assessments import receivers  # noqa: PLC0415 -- models are loaded only now
        from assessments.domain import handover  # noqa: PLC0415

        receivers.connect()
        handover.register()
        navigation.register(
            navigation.NavItem("わたしの調査", "assessments:response_list", roles=ANSWERING_ROLES, order=15),
            navigation.NavItem(
                "調査",
                "assessments:survey_list",
                roles=frozenset(Role) - ANSWERING_ROLES,
                order=15,
                paths=("/responses/",),
            ),
            navigation.NavItem(
                "調査票",
                "assessments:questionnaire_list",
                roles=PREFECTURE_ROLES,
                order=70,
                managed="調査に使う設問の版と、その中身",
            ),
        )
