"""Closed lists of the occasions, and how one moves from planned to confirmed."""

from django.db import models

from dxportal.core.accounts.enums import ANSWERING_ROLES, Role
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.workflow.table import TransitionTable, transitions


class OccasionMode(models.TextChoices):
    ONSITE = "onsite", "対面"
    ONLINE = "online", "オンライン"
    BOTH = "both", "併用"


class OccasionState(models.TextChoices):
    PLANNED = "planned", "予定"
    HELD = "held", "実施"
    CONFIRMED = "confirmed", "確定"
    CANCELLED = "cancelled", "中止"
    POSTPONED = "postponed", "延期"


OCCASION_TONES = {
    OccasionState.PLANNED: "blue",
    OccasionState.HELD: "purple",
    OccasionState.CONFIRMED: "green",
    OccasionState.CANCELLED: "gray",
    OccasionState.POSTPONED: "orange",
}
# What took place, whether its record is closed or not: what books and statistics count.
TOOK_PLACE = frozenset({OccasionState.HELD, OccasionState.CONFIRMED})
# Does not take place on its day: struck out of calendars, in the way of nobody.
CALLED_OFF = frozenset({OccasionState.CANCELLED, OccasionState.POSTPONED})


class OccasionMove(models.TextChoices):
    HOLD = "hold", "実施済みにする"
    CONFIRM = "confirm", "確定する"
    CANCEL = "cancel", "中止にする"
    POSTPONE = "postpone", "延期にする"
    REOPEN = "reopen", "確定を取り消す"
    UNHOLD = "unhold", "実施を取り消す"
    REVIVE = "revive", "予定に戻す"


WRITING_ROLES = OFFICE_ROLES | ANSWERING_ROLES | {Role.CONSULTANT, Role.BUREAU_STAFF}
REOPENING_ROLES = OFFICE_ROLES | {Role.CONSULTANT}

# Whose occasion it is, ``OccasionQuerySet.editable_by`` says.
OCCASION_MOVES = TransitionTable(
    (
        *transitions(OccasionMove.HOLD, [OccasionState.PLANNED], OccasionState.HELD, WRITING_ROLES),
        *transitions(OccasionMove.CONFIRM, [OccasionState.HELD], OccasionState.CONFIRMED, WRITING_ROLES),
        *transitions(
            OccasionMove.CANCEL,
            [OccasionState.PLANNED],
            OccasionState.CANCELLED,
            WRITING_ROLES,
            reason="中止の理由を入力してください。",
        ),
        *transitions(
            OccasionMove.POSTPONE,
            [OccasionState.PLANNED],
            OccasionState.POSTPONED,
            WRITING_ROLES,
            reason="延期の理由を入力してください。",
        ),
        *transitions(
            OccasionMove.REOPEN,
            [OccasionState.CONFIRMED],
            OccasionState.HELD,
            REOPENING_ROLES,
            reason="確定を取り消す理由を入力してください。",
        ),
        *transitions(
            OccasionMove.UNHOLD,
            [OccasionState.HELD],
            OccasionState.PLANNED,
            WRITING_ROLES,
            reason="実施を取り消す理由を入力してください。",
        ),
        *transitions(
            OccasionMove.REVIVE,
            [OccasionState.CANCELLED, OccasionState.POSTPONED],
            OccasionState.PLANNED,
            WRITING_ROLES,
            reason="予定に戻す理由を入力してください。",
        ),
    )
)


class CountingBook(models.TextChoices):
    """In which book an occasion is counted."""

    CONSULTATIONS = "consultations", "相談"
    TRAININGS = "trainings", "研修"
    GROUP = "group", "団体どうしの会議"


class BodyRole(models.TextChoices):
    HOST = "host", "主催"
    LEAD = "lead", "幹事"
    PARTICIPANT = "participant", "参加"


# Whose meeting it is, and not only theirs to come to: a town writes those in which it has one of these parts.
OWNING_PARTS = frozenset({BodyRole.HOST, BodyRole.LEAD})


class AttendanceHow(models.TextChoices):
    VENUE = "venue", "会場"
    ONLINE = "online", "オンライン"
    RECORDING = "recording", "録画"
    PAPERS = "papers", "資料のみ"


class BusyKind(models.TextChoices):
    ASSEMBLY = "assembly", "議会"
    BUSY = "busy", "繁忙期"
    OTHER = "other", "その他"


class FeedScope(models.TextChoices):
    """Of all that the membership may read, what its calendar address gives."""

    ALL = "all", "見ることのできるすべての会合"
    OWN = "own", "自分が出席する会合"


# The kinds that come with the portal: code, name, book. A prefecture adds its own beside them.
STANDARD_KINDS = (
    ("monthly", "月例", CountingBook.CONSULTATIONS),
    ("optional", "任意", CountingBook.CONSULTATIONS),
    ("regional", "地域別", CountingBook.CONSULTATIONS),
    ("field", "分野別", CountingBook.CONSULTATIONS),
    ("general_hearing_first", "総合プロデューサーヒアリング（前期）", CountingBook.CONSULTATIONS),
    ("general_hearing_second", "総合プロデューサーヒアリング（後期）", CountingBook.CONSULTATIONS),
    ("special_hearing_first", "専門プロデューサーヒアリング（前期）", CountingBook.CONSULTATIONS),
    ("special_hearing_second", "専門プロデューサーヒアリング（後期）", CountingBook.CONSULTATIONS),
    ("ad_hoc", "随時", CountingBook.CONSULTATIONS),
    ("leaders", "首長・副首長との意見交換", CountingBook.CONSULTATIONS),
    ("theme", "テーマ別", CountingBook.CONSULTATIONS),
    ("training", "研修", CountingBook.TRAININGS),
    ("dispatch", "講師派遣", CountingBook.TRAININGS),
    ("exchange", "交流会", CountingBook.TRAININGS),
    ("joint_training", "合同研修会", CountingBook.TRAININGS),
    ("joint_visit", "合同視察", CountingBook.TRAININGS),
    ("presentation", "成果発表会", CountingBook.TRAININGS),
    ("group_meeting", "団体どうしの会議", CountingBook.GROUP),
)
