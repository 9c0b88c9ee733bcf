"""How far a response is filled in: required questions shown and answered, by section and as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.domain.questionnaires.answers import Answers, is_answered
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import answers_of, stored_questionnaire
from assessments.models import Response


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """``answered`` of ``required``; ``optional`` counts answered optional questions shown."""

    code: str
    answered: int
    required: int
    optional: int

    @property
    def complete(self) -> bool:
        return self.answered == self.required

    @property
    def state(self) -> str:
        """done | started | untouched, for the word beside the count."""
        if self.complete and (self.required or self.optional):
            return "done"
        return "started" if self.answered or self.optional else "untouched"


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts required questions that are shown; ``shown`` are the codes of all questions shown."""

    answered: int
    required: int
    sections: tuple[SectionProgress, ...]
    shown: frozenset[str]

    @property
    def complete(self) -> bool:
        return self.answered == self.required

    def by_section(self) -> Mapping[str, SectionProgress]:
        return {section.code: section for section in self.sections}


def progress(spec: QuestionnaireSpec, answers: Answers) -> Progress:
    """Of the answers given, by the questions that they show."""
    shown = visible(spec, answers)
    sections = []
    for section in spec.sections:
        questions = [question for question in spec.in_section(section.code) if question.code in shown]
        given = [question for question in questions if is_answered(question, answers.get(question.code))]
        required = sum(question.required for question in questions)
        answered = sum(question.required for question in given)
        sections.append(SectionProgress(section.code, answered, required, len(given) - answered))
    return Progress(
        answered=sum(section.answered for section in sections),
        required=sum(section.required for section in sections),
        sections=tuple(sections),
        shown=shown,
    )


def progress_of(response: Response) -> Progress:
    """The progress of a stored response, in one query once the questionnaire is in the process."""
    questionnaire = stored_questionnaire(response.survey.questionnaire_id)
    return progress(questionnaire.spec, answers_of(response, questionnaire))
