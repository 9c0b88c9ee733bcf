"""The words of stored figures as filters: ``{% load figures %}``."""

from django import template

from assessments.domain.questionnaires.wording import plain_number
from dxportal.portal.views import words

register = template.Library()
for function in (
    words.survey_name,
    words.section_label,
    words.tier_letter,
    words.tier_label,
    words.step_label,
    words.state_label,
    words.question_kind,
    words.town_kind,
    words.answer_state,
    words.heat,
    words.rate,
    words.rate_change,
    words.class_label,
    plain_number,
    words.headline,
    words.peers_label,
):
    register.filter(function.__name__, function)
