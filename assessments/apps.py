"""Surveys, answers, scores and tiers."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "調査"

    def ready(self):
        from assessments import receivers  # noqa: PLC0415 -- models are loaded only now

        receivers.connect()
