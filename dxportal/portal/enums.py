"""Kinds of snapshot."""

from django.db import models

PUBLIC = ".public"


class SnapshotKind(models.TextChoices):
    """``….public`` is the part of the same page that municipalities may read."""

    BOARD = "board", "県ダッシュボード"
    BOARD_PUBLIC = "board.public", "県ダッシュボード（市町村向け）"
    QUESTIONS = "questions", "設問一覧"
    QUESTIONS_PUBLIC = "questions.public", "設問一覧（市町村向け）"
    QUESTION = "question", "設問の結果"
    QUESTION_PUBLIC = "question.public", "設問の結果（市町村向け）"
    MATRIX = "matrix", "団体×設問の比較"
    MATRIX_PUBLIC = "matrix.public", "団体×設問の比較（市町村向け）"
    KARTE = "karte", "カルテ"
    KARTE_PUBLIC = "karte.public", "カルテ（市町村向け）"
    ANSWERS = "answers", "回答一覧"
    ANSWERS_PUBLIC = "answers.public", "回答一覧（市町村向け）"


PUBLIC_KINDS = tuple(kind for kind in SnapshotKind if kind.endswith(PUBLIC))
EVERYBODYS = tuple(kind for kind in PUBLIC_KINDS if not kind.startswith(("karte", "answers")))
