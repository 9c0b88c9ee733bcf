from assessments.models.answer import Answer
from assessments.models.classification import Classification, ClassificationTransition, TierAssignment
from assessments.models.questionnaire import Choice, MatrixRow, Question, Questionnaire, Section
from assessments.models.reminder import Reminder
from assessments.models.response import Response, ResponseTransition
from assessments.models.run import ClassificationRun, StoredScoreCard
from assessments.models.scheme import PriorityScheme, TierScheme
from assessments.models.survey import Survey

__all__ = [
    "Answer",
    "Choice",
    "Classification",
    "ClassificationRun",
    "ClassificationTransition",
    "MatrixRow",
    "PriorityScheme",
    "Question",
    "Questionnaire",
    "Reminder",
    "Response",
    "ResponseTransition",
    "Section",
    "StoredScoreCard",
    "Survey",
    "TierAssignment",
    "TierScheme",
]
