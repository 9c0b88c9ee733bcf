"""Closed lists of the case library, and how a case moves from draft to archive."""

from django.db import models

from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES, Role
from dxportal.core.workflow.table import TransitionTable, transitions


class CaseState(models.TextChoices):
    DRAFT = "draft", "下書き"
    IN_REVIEW = "in_review", "県の確認中"
    PUBLISHED = "published", "公開"
    ARCHIVED = "archived", "保管"


CASE_TONES = {
    CaseState.DRAFT: "blue",
    CaseState.IN_REVIEW: "orange",
    CaseState.PUBLISHED: "green",
    CaseState.ARCHIVED: "gray",
}


class CaseMove(models.TextChoices):
    SUBMIT = "submit", "確認を依頼する"
    WITHDRAW = "withdraw", "依頼を取り下げる"
    SEND_BACK = "send_back", "差し戻す"
    PUBLISH = "publish", "公開する"
    ARCHIVE = "archive", "保管する"
    RESTORE = "restore", "下書きに戻す"


CONTRIBUTING_ROLES = ANSWERING_ROLES | PREFECTURE_ROLES | {Role.CONSULTANT}
# Whose case it is, ``CaseQuerySet`` says: the author's own moves are made on ``authored_by``, the others on ``of_user``.
AUTHORS_MOVES = frozenset({CaseMove.SUBMIT, CaseMove.WITHDRAW})
CASE_MOVES = TransitionTable(
    (
        *transitions(CaseMove.SUBMIT, [CaseState.DRAFT], CaseState.IN_REVIEW, CONTRIBUTING_ROLES),
        *transitions(CaseMove.WITHDRAW, [CaseState.IN_REVIEW], CaseState.DRAFT, CONTRIBUTING_ROLES),
        *transitions(
            CaseMove.SEND_BACK,
            [CaseState.IN_REVIEW],
            CaseState.DRAFT,
            PREFECTURE_ROLES,
            reason="差戻しの理由を入力してください。",
        ),
        # Publishing a published case again changes who reads it.
        *transitions(
            CaseMove.PUBLISH,
            [CaseState.DRAFT, CaseState.IN_REVIEW, CaseState.PUBLISHED],
            CaseState.PUBLISHED,
            PREFECTURE_ROLES,
        ),
        *transitions(CaseMove.ARCHIVE, [CaseState.PUBLISHED], CaseState.ARCHIVED, PREFECTURE_ROLES),
        *transitions(CaseMove.RESTORE, [CaseState.ARCHIVED], CaseState.DRAFT, CONTRIBUTING_ROLES),
    )
)


class Audience(models.TextChoices):
    """Who reads a published case."""

    PREFECTURE = "prefecture", "県内"
    EVERYONE = "everyone", "すべての利用者"


class Basis(models.TextChoices):
    """Where a statement about a case comes from."""

    PRINTED = "printed", "資料に明記"
    BODY_TEXT = "body_text", "資料の本文から判断"
    INFERRED = "inferred", "推定"
    UNCONFIRMED = "unconfirmed", "未確認"


class PlaceKind(models.TextChoices):
    """Kinds of organisation that do something; a superset of the tree's."""

    PREFECTURE = "prefecture", "都道府県"
    CITY = "city", "市"
    TOWN = "town", "町"
    VILLAGE = "village", "村"
    WARD = "ward", "特別区"
    OTHER = "other", "その他"


class PlaceRole(models.TextChoices):
    MAIN = "main", "取組団体"
    SIMILAR = "similar", "類似の取組をしている団体"


class FigureKind(models.TextChoices):
    FIGURE = "figure", "数値"
    COST = "cost", "費用"


class UptakeState(models.TextChoices):
    """How far a municipality is with a case that it takes as a model."""

    CONSIDERING = "considering", "検討中"
    PREPARING = "preparing", "準備中"
    DONE = "done", "実施"
    DECLINED = "declined", "見送り"


UPTAKE_TONES = {
    UptakeState.CONSIDERING: "blue",
    UptakeState.PREPARING: "purple",
    UptakeState.DONE: "green",
    UptakeState.DECLINED: "gray",
}


class UptakeMove(models.TextChoices):
    """To every state from every other: a municipality goes forward, back, or changes only the note."""

    CONSIDER = "consider", "検討中にする"
    PREPARE = "prepare", "準備中にする"
    CARRY_OUT = "carry_out", "実施にする"
    DECLINE = "decline", "見送りにする"


UPTAKE_TARGETS = {
    UptakeMove.CONSIDER: UptakeState.CONSIDERING,
    UptakeMove.PREPARE: UptakeState.PREPARING,
    UptakeMove.CARRY_OUT: UptakeState.DONE,
    UptakeMove.DECLINE: UptakeState.DECLINED,
}
UPTAKE_MOVES = TransitionTable(
    tuple(
        row
        for move, target in UPTAKE_TARGETS.items()
        for row in transitions(move, UptakeState, target, ANSWERING_ROLES | PREFECTURE_ROLES)
    )
)

STEPS = {0: "ステップ0 認識共有・機運醸成", 1: "ステップ1 全体方針", 2: "ステップ2 推進体制", 3: "ステップ3 取組の実行"}
