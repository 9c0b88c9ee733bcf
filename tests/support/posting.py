"""Talking to the answer pages as a browser does: by the names of the controls."""

from django.urls import reverse

from assessments.models import Answer, Question


def section_url(sheet, code="step0"):
    return reverse("assessments:section", args=[sheet.pk, code])


def save_url(sheet, code):
    return reverse("assessments:answer_save", args=[sheet.pk, code])


def url(name, sheet):
    return reverse(f"assessments:{name}", args=[sheet.pk])


def answer(sheet, code, **fields):
    question = Question.objects.get(questionnaire=sheet.survey.questionnaire, code=code)
    return Answer.objects.create(response=sheet, question=question, **fields)


def stored(sheet, code):
    return Answer.objects.get(response=sheet, question__code=code)


def give(response, code, *, user=None, **value):
    """One stored answer, as saving leaves it."""
    question = Question.objects.get(questionnaire=response.survey.questionnaire_id, code=code)
    return Answer.objects.create(response=response, question=question, updated_by=user, **value)
