from assessments.models.answer import Answer
from assessments.models.classification import Classification, ClassificationMove, TierAssignment
from assessments.models.questionnaire import Choice, MatrixRow, Question, Questionnaire, Section
from assessments.models.reminder import Reminder
from assessments.models.response import Response, Transition
from assessments.models.run import ClassificationRun, ScoreCard
from assessments.models.scheme import PriorityScheme, TierScheme
from assessments.models.survey import Survey

__all__ = [
    "Answer",
    "Choice",
    "Classification",
    "ClassificationMove",
    "ClassificationRun",
    "MatrixRow",
    "PriorityScheme",
    "Question",
    "Questionnaire",
    "Reminder",
    "Response",
    "ScoreCard",
    "Section",
    "Survey",
    "TierAssignment",
    "TierScheme",
    "Transition",
]
