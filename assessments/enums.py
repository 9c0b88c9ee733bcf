"""States and kinds of the survey cycle, and the moves between the states as tables beside them."""

from django.db import models

from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES, Role
from dxportal.core.workflow.table import Transition, TransitionTable, transitions


class QuestionnaireStatus(models.TextChoices):
    DRAFT = "draft", "編集中"
    PUBLISHED = "published", "確定版"


class SectionKind(models.TextChoices):
    STEP = "step", "ステップ"
    SUPPORT = "support", "県の支援"
    FOCUS = "focus", "重点分野"
    PROFILE = "profile", "回答者情報"


# The kinds of question are ``domain.questionnaires.spec.QuestionKind``, which knows no Django; here are their words.
QUESTION_KINDS = {
    "single": "単一選択",
    "multiple": "複数選択",
    "text": "自由記述",
    "number": "数値",
    "matrix": "表（行ごとに一つ選択）",
    "ranking": "順位",
}


class SurveyRound(models.TextChoices):
    FIRST = "first", "初回"
    REVIEW = "review", "見直し"


class SurveyState(models.TextChoices):
    DRAFT = "draft", "準備中"
    OPEN = "open", "受付中"
    CLOSED = "closed", "締切済"

    @property
    def tone(self) -> str:
        """The colour of its chip; the word always stands beside."""
        return {"draft": "gray", "open": "blue", "closed": "green"}[self]


class SurveyMove(models.TextChoices):
    OPEN = "open", "受付を開始する"
    CLOSE = "close", "締め切る"
    REOPEN = "reopen", "受付を再開する"


SURVEY_MOVES = TransitionTable(
    (
        Transition(SurveyMove.OPEN, SurveyState.DRAFT, SurveyState.OPEN, PREFECTURE_ROLES, by_clock=True),
        Transition(SurveyMove.CLOSE, SurveyState.OPEN, SurveyState.CLOSED, PREFECTURE_ROLES, by_clock=True),
        Transition(SurveyMove.REOPEN, SurveyState.CLOSED, SurveyState.OPEN, PREFECTURE_ROLES),
    )
)


class SurveySource(models.TextChoices):
    ANSWERS = "answers", "回答から算定"
    IMPORTED = "imported", "得点の取込み"


class Visibility(models.TextChoices):
    AGGREGATE = "aggregate", "集計のみ"
    NAMED = "named", "団体名つきの回答"


class ResponseState(models.TextChoices):
    NOT_STARTED = "not_started", "未着手"
    IN_PROGRESS = "in_progress", "入力中"
    IN_REVIEW = "in_review", "庁内確認中"
    SUBMITTED = "submitted", "提出済"
    CONFIRMED = "confirmed", "確定"
    RETURNED = "returned", "差戻し"

    @property
    def tone(self) -> str:
        """The colour of its chip; the word always stands beside."""
        tones = {"not_started": "gray", "in_progress": "blue", "in_review": "purple", "returned": "red"}
        return tones.get(self, "green")


EDITABLE_STATES = frozenset({ResponseState.NOT_STARTED, ResponseState.IN_PROGRESS, ResponseState.RETURNED})
HANDED_IN_STATES = frozenset({ResponseState.SUBMITTED, ResponseState.CONFIRMED})


class ResponseMove(models.TextChoices):
    BEGIN = "begin", "変更せずに進む"
    REQUEST_REVIEW = "request_review", "庁内確認を依頼する"
    WITHDRAW = "withdraw", "依頼を取り下げる"
    SEND_BACK = "send_back", "担当者に差し戻す"
    SUBMIT = "submit", "提出する"
    CONFIRM = "confirm", "確定する"
    RETURN = "return", "差し戻す"


_S = ResponseState
APPROVERS = frozenset({Role.APPROVER})
RETURN_REASON = "差戻しの理由を入力してください。"
# Prefecture staff may also begin and submit for a municipality (on behalf), but not in the middle of its own review.
RESPONSE_MOVES = TransitionTable(
    (
        Transition(ResponseMove.BEGIN, _S.NOT_STARTED, _S.IN_PROGRESS, ANSWERING_ROLES | PREFECTURE_ROLES),
        *transitions(ResponseMove.REQUEST_REVIEW, [_S.IN_PROGRESS, _S.RETURNED], _S.IN_REVIEW, ANSWERING_ROLES),
        Transition(ResponseMove.WITHDRAW, _S.IN_REVIEW, _S.IN_PROGRESS, ANSWERING_ROLES),
        Transition(ResponseMove.SEND_BACK, _S.IN_REVIEW, _S.RETURNED, APPROVERS, reason=RETURN_REASON),
        *transitions(ResponseMove.SUBMIT, [_S.IN_PROGRESS, _S.RETURNED], _S.SUBMITTED, PREFECTURE_ROLES),
        Transition(ResponseMove.SUBMIT, _S.IN_REVIEW, _S.SUBMITTED, APPROVERS),
        Transition(ResponseMove.CONFIRM, _S.SUBMITTED, _S.CONFIRMED, PREFECTURE_ROLES),
        *transitions(
            ResponseMove.RETURN, [_S.SUBMITTED, _S.CONFIRMED], _S.RETURNED, PREFECTURE_ROLES, reason=RETURN_REASON
        ),
    )
)


class RunState(models.TextChoices):
    """A run is written whole or not at all: there is none under way and none that failed."""

    COMPLETE = "complete", "算定済"


class ClassificationStep(models.TextChoices):
    COMPUTED = "computed", "算定"
    HEARING = "hearing", "ヒアリング調整"
    PROPOSED = "proposed", "案"
    PUBLISHED = "published", "決定・公表"


class ClassificationMove(models.TextChoices):
    HEAR = "hear", "ヒアリング調整を始める"
    PROPOSE = "propose", "案にする"
    PUBLISH = "publish", "決定して公表する"
    RECOMPUTE = "recompute", "算定に戻す"
    HEAR_AGAIN = "hear_again", "ヒアリング調整に戻す"
    WITHDRAW = "withdraw", "公表を取り下げる"


_C = ClassificationStep
_ADMIN = frozenset({Role.PREFECTURE_ADMIN})
WITHDRAWAL_REASON = "公表を取り下げる理由を入力してください。"
CLASSIFICATION_MOVES = TransitionTable(
    (
        Transition(ClassificationMove.HEAR, _C.COMPUTED, _C.HEARING, PREFECTURE_ROLES),
        Transition(ClassificationMove.PROPOSE, _C.HEARING, _C.PROPOSED, PREFECTURE_ROLES),
        Transition(ClassificationMove.PUBLISH, _C.PROPOSED, _C.PUBLISHED, _ADMIN),
        Transition(ClassificationMove.RECOMPUTE, _C.HEARING, _C.COMPUTED, PREFECTURE_ROLES),
        Transition(ClassificationMove.HEAR_AGAIN, _C.PROPOSED, _C.HEARING, PREFECTURE_ROLES),
        Transition(ClassificationMove.WITHDRAW, _C.PUBLISHED, _C.PROPOSED, _ADMIN, reason=WITHDRAWAL_REASON),
    )
)
FROZEN_STEPS = frozenset({_C.PROPOSED, _C.PUBLISHED})  # readers rely on the tiers: no run changes them


class Tier(models.IntegerChoices):
    KANYO = 1, "関与"
    SHIEN = 2, "支援"
    KYODO = 3, "協働"
    KYOSO = 4, "共創"
