"""Moves of a question (``enums.QUESTION_MOVES``). Every move leaves a TownQuestionTransition row."""

from django.utils import timezone

from consultations.enums import QUESTION_MOVES, QuestionMove, QuestionState
from consultations.models import TownQuestion, TownQuestionTransition
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import Workflow, moving

QUESTIONS = Workflow(
    model=TownQuestion,
    table=QUESTION_MOVES,
    subject="この質問",
    labels=dict(QuestionMove.choices),
    log=TownQuestionTransition,
    log_key="question",
)


def possible_moves(question: TownQuestion, user: User) -> frozenset[str]:
    may = TownQuestion.objects.editable_by(user).filter(pk=question.pk).exists()
    return QUESTIONS.possible(question, user) if may else frozenset()


def make_move(question_id: int, move: str, *, user: User, reason: str = "") -> TownQuestion:
    """Withdraws, or opens again. PermissionDenied, NotPossible."""
    rows = TownQuestion.objects.editable_by(user)
    with moving(QUESTIONS, rows, question_id, move, user=user, reason=reason, related=("topic",)) as step:
        reopens = step.transition.target == QuestionState.OPEN
        step.row.closed_at = None if reopens else timezone.now()
        step.row.accepted = None
        step.row.revision += 1
        step.log["move"] = move
    return step.row


def accept(question_id: int, answer_id: int, *, user: User, revision: int) -> TownQuestion:
    """The answer closes the question. Overtaken where there is an answer more than the person saw."""
    rows = TownQuestion.objects.editable_by(user)
    with moving(QUESTIONS, rows, question_id, QuestionMove.SOLVE, user=user, related=("topic",)) as step:
        question = step.row
        if question.revision != revision:
            raise Overtaken("画面を表示した後に、回答が加わりました。読んでから、もう一度選んでください。", question)
        # Among this question's own: the key of another's answer closes nothing.
        answer = question.answers.filter(pk=answer_id).first()
        if answer is None:
            raise NotPossible("解決した回答を選んでください。", code="no_answer")
        question.accepted = answer
        question.closed_at = timezone.now()
        question.revision += 1
        step.log["move"] = QuestionMove.SOLVE
    return question
