"""Kinds of snapshot."""

from django.db import models

PUBLIC = ".public"


class SnapshotKind(models.TextChoices):
    """``….public`` is the part of the same figures that municipalities may read.

    Key: of a survey its id; of a question ``survey:code``; of what a municipality has in a survey ``survey:town``;
    of a municipality its id.
    """

    DASHBOARD = "dashboard", "県ダッシュボード"
    DASHBOARD_PUBLIC = "dashboard.public", "県ダッシュボード（市町村向け）"
    QUESTIONS = "questions", "設問一覧"
    QUESTIONS_PUBLIC = "questions.public", "設問一覧（市町村向け）"
    QUESTION = "question", "設問の結果"
    QUESTION_PUBLIC = "question.public", "設問の結果（市町村向け）"
    RESPONDENTS = "respondents", "回答した団体"
    RESPONDENTS_PUBLIC = "respondents.public", "回答した団体（市町村向け）"
    MATRIX = "matrix", "団体×設問の比較"
    MATRIX_PUBLIC = "matrix.public", "団体×設問の比較（市町村向け）"
    MATRIX_TOWN = "matrix_town", "団体×設問の比較の一団体"
    MATRIX_TOWN_PUBLIC = "matrix_town.public", "団体×設問の比較の一団体（市町村向け）"
    COMPARISON = "comparison", "平均と同規模団体"
    COMPARISON_PUBLIC = "comparison.public", "平均と同規模団体（市町村向け）"
    TOWN = "town", "団体の基本情報"
    TOWN_PUBLIC = "town.public", "団体の基本情報（市町村向け）"
    KARTE = "karte", "カルテ"
    KARTE_PUBLIC = "karte.public", "カルテ（市町村向け）"
    ANSWERS = "answers", "回答一覧"
    ANSWERS_PUBLIC = "answers.public", "回答一覧（市町村向け）"

    @property
    def public(self) -> "SnapshotKind":
        return self if self.endswith(PUBLIC) else SnapshotKind(f"{self}{PUBLIC}")


PUBLIC_KINDS = tuple(kind for kind in SnapshotKind if kind.endswith(PUBLIC))
OWN_KINDS = (
    SnapshotKind.COMPARISON_PUBLIC,
    SnapshotKind.TOWN_PUBLIC,
    SnapshotKind.KARTE_PUBLIC,
    SnapshotKind.ANSWERS_PUBLIC,
)
EVERYBODYS = tuple(kind for kind in PUBLIC_KINDS if kind not in OWN_KINDS)
TOWN_KINDS = (SnapshotKind.TOWN, SnapshotKind.TOWN_PUBLIC)
SURVEY_KINDS = tuple(kind for kind in SnapshotKind if kind not in TOWN_KINDS)
TOWN_PART_KINDS = tuple(
    kind for kind in SURVEY_KINDS if kind.removesuffix(PUBLIC) in ("matrix_town", "karte", "answers")
)


class Measure(models.TextChoices):
    """What a row of the plan counts; a meeting is counted once, however many kinds of the row it counts as."""

    MEETINGS = "meetings", "会合の回数"
    MUNICIPALITIES = "municipalities", "市町村の数（重複なし）"
    EVENTS = "events", "行事の回数"
    ROSTER = "roster", "役割ごとの名簿の人数"
    RESPONSES = "responses", "調査に回答した市町村の数"
    EXCHANGE = "exchange", "情報交換の場に入っている市町村の数"
    VIDEOS = "videos", "制作した動画の本数"
    BY_HAND = "by_hand", "手入力"


BY_HAND = frozenset({Measure.VIDEOS, Measure.BY_HAND})
OF_MEETINGS = frozenset({Measure.MEETINGS, Measure.MUNICIPALITIES, Measure.EVENTS})


class PlanState(models.TextChoices):
    REACHED = "reached", "達成"
    ON_PLAN = "on_plan", "計画どおり"
    BEHIND = "behind", "計画より遅れ"
    NOT_DUE = "not_due", "まだ期日前"


class RecheckFocus(models.TextChoices):
    """What of the answers a town goes through again in a session."""

    STEPS = "steps", "ステップの設問"
    AREAS = "areas", "重点分野の設問"


# By the support's calendar: months of a session → what is due in them.
RECHECK_MONTHS = {11: RecheckFocus.STEPS, 12: RecheckFocus.STEPS, 2: RecheckFocus.AREAS}
