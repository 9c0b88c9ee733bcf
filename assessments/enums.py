"""States and kinds of the survey cycle, and the table of allowed moves. Imports nothing of ours but roles."""

from django.db import models

from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES, Role


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


# (from, to) → the roles that may make the move; the clock may open and close too.
SURVEY_TRANSITIONS: dict[tuple[str, str], frozenset[str]] = {
    (SurveyState.DRAFT, SurveyState.OPEN): PREFECTURE_ROLES,
    (SurveyState.OPEN, SurveyState.CLOSED): PREFECTURE_ROLES,
    (SurveyState.CLOSED, SurveyState.OPEN): PREFECTURE_ROLES,
}


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

APPROVERS = frozenset({Role.APPROVER})
_S = ResponseState

# (from, to) → the roles that may make the move. Prefecture staff may also act for a municipality (on behalf).
TRANSITIONS: dict[tuple[str, str], frozenset[str]] = {
    (_S.NOT_STARTED, _S.IN_PROGRESS): ANSWERING_ROLES | PREFECTURE_ROLES,
    (_S.IN_PROGRESS, _S.IN_REVIEW): ANSWERING_ROLES,
    (_S.IN_PROGRESS, _S.SUBMITTED): PREFECTURE_ROLES,
    (_S.RETURNED, _S.IN_REVIEW): ANSWERING_ROLES,
    (_S.RETURNED, _S.SUBMITTED): PREFECTURE_ROLES,
    (_S.IN_REVIEW, _S.IN_PROGRESS): ANSWERING_ROLES,
    (_S.IN_REVIEW, _S.RETURNED): APPROVERS,
    (_S.IN_REVIEW, _S.SUBMITTED): APPROVERS,
    (_S.SUBMITTED, _S.RETURNED): PREFECTURE_ROLES,
    (_S.SUBMITTED, _S.CONFIRMED): PREFECTURE_ROLES,
    (_S.CONFIRMED, _S.RETURNED): PREFECTURE_ROLES,
}
REASON_REQUIRED = frozenset({_S.RETURNED})


class RunState(models.TextChoices):
    RUNNING = "running", "算定中"
    COMPLETE = "complete", "算定済"
    FAILED = "failed", "失敗"


class ClassificationStep(models.TextChoices):
    COMPUTED = "computed", "算定"
    HEARING = "hearing", "ヒアリング調整"
    PROPOSED = "proposed", "案"
    PUBLISHED = "published", "決定・公表"


_C = ClassificationStep
CLASSIFICATION_TRANSITIONS: dict[tuple[str, str], frozenset[str]] = {
    (_C.COMPUTED, _C.HEARING): PREFECTURE_ROLES,
    (_C.HEARING, _C.PROPOSED): PREFECTURE_ROLES,
    (_C.HEARING, _C.COMPUTED): PREFECTURE_ROLES,
    (_C.PROPOSED, _C.HEARING): PREFECTURE_ROLES,
    (_C.PROPOSED, _C.PUBLISHED): frozenset({Role.PREFECTURE_ADMIN}),
    (_C.PUBLISHED, _C.PROPOSED): frozenset({Role.PREFECTURE_ADMIN}),
}
FROZEN_STEPS = frozenset({_C.PROPOSED, _C.PUBLISHED})  # readers rely on the tiers: no run changes them
CLASSIFICATION_REASON_REQUIRED = frozenset({(_C.PUBLISHED, _C.PROPOSED)})


class Tier(models.IntegerChoices):
    KANYO = 1, "関与"
    SHIEN = 2, "支援"
    KYODO = 3, "協働"
    KYOSO = 4, "共創"
