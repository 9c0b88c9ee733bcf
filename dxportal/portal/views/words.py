"""The words for what stored figures say in codes and numbers; the templates use them as filters."""

from assessments.domain.questionnaires.wording import plain_number
from assessments.enums import QUESTION_KINDS, ClassificationStep, ResponseState, SurveyRound
from dxportal.core.organizations.domain.population import BAND_LABELS
from dxportal.core.organizations.enums import MunicipalityKind
from dxportal.core.ui.japanese import fiscal_label
from dxportal.core.ui.numbers import percent, plain, points, share
from dxportal.core.ui.tags.blocks import TIER_LETTERS
from dxportal.core.ui.tags.lists import heat_class
from dxportal.portal.domain.dashboard.content import SectionMean, TierCount
from dxportal.portal.domain.karte.comparison import PeerMeans
from dxportal.portal.domain.karte.content import OwnSection
from dxportal.portal.domain.questions import IndexRow, NumberClass
from dxportal.portal.domain.surveys import SurveyHead, TierWords
from dxportal.portal.domain.values import Exact

LONGEST_LABEL = 8
ANSWER_STATES = {"hidden": "対象外", "unanswered": "未回答"}


def survey_name(survey: SurveyHead) -> str:
    """The title with year and round, where it does not say them itself."""
    return full_name(survey.title, survey.year, survey.round)


def full_name(title: str, year: int, turn: str) -> str:
    label = str(SurveyRound(turn).label)
    start = "" if "年度" in title else f"{fiscal_label(year)} "
    return f"{start}{title}" + ("" if label in title else f"（{label}）")


def round_label(turn: str) -> str:
    return str(SurveyRound(turn).label)


def year_and_round(year: int, turn: str) -> str:
    """「2024年度初回」."""
    return f"{year}年度{SurveyRound(turn).label}"


def section_label(section: SectionMean | OwnSection) -> str:
    """Short enough for a table's head: 「Step0」, 「重点分野1」."""
    if section.step is not None:
        return f"Step{section.step}"
    first = section.title.split()[0] if section.title.split() else ""
    return first if len(first) <= LONGEST_LABEL else f"{first[: LONGEST_LABEL - 1]}…"


def tier_letter(tier: int | None) -> str:
    return TIER_LETTERS.get(tier, "") if tier is not None else ""


def tier_label(tier: TierWords | TierCount | None) -> str:
    """「A 共創」."""
    return f"{TIER_LETTERS[tier.tier]} {tier.name}" if tier else ""


def step_label(step: str) -> str:
    """How final a classification is."""
    return str(ClassificationStep(step).label) if step else ""


def state_label(state: str) -> str:
    return str(ResponseState(state).label) if state else ""


def question_kind(kind: str) -> str:
    return QUESTION_KINDS[kind]


def town_kind(kind: str) -> str:
    return str(MunicipalityKind(kind).label) if kind else ""


def answer_state(state: str) -> str:
    return ANSWER_STATES.get(state, "")


def heat(value: Exact | None, top: int) -> str:
    """The class of a cell by its value out of ``top``."""
    return "none" if value is None else str(heat_class(value, top))


def rate(value: Exact) -> str:
    """A share of points: 「85%」."""
    return percent(value, 0)


def rate_change(value: Exact) -> str:
    """「+15ポイント」."""
    return points(value, 0)


def class_label(numbers: NumberClass, unit: str) -> str:
    """「10以上20件未満」."""
    return f"{plain_number(numbers.low)}以上{plain_number(numbers.high)}{unit}未満"


def headline(row: IndexRow) -> str:
    """A question's result in a few words."""
    if row.answered is None:
        return ""
    if not row.answered:
        return "回答なし"
    if row.median is not None:
        return f"中央値 {plain(row.median, 1)}{row.unit}"
    if row.texts:
        return f"記述 {row.texts}件"
    if row.rows:
        return f"{row.rows}行の表"
    return f"{row.top} {row.top_count}団体（{share(row.top_count, row.answered)}）"


def peers_label(peers: PeerMeans | None) -> str:
    """Whom the karte calls peers, and how many."""
    if peers is None or not peers.count:
        return ""
    if peers.rule == "band":
        return f"人口{BAND_LABELS[peers.band]}の{peers.count}団体"
    return f"人口の近い{peers.count}団体" if peers.rule == "nearest" else ""
