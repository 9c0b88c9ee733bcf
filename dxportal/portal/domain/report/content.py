"""The blocks of text of a year's report: outputs out of the plan, results, voices. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dxportal.portal.domain.plan.content import RowFigures

SUBJECTS = {
    "overall": "事業全般",
    "monthly": "月例オンラインよろず相談",
    "exchange": "チャットツールの活用",
    "wishes": "要望・改善してほしいこと",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """One town's words about one subject; ``town`` "" where the reader is not told."""

    subject: str
    text: str
    town: str = ""


@dataclass(frozen=True, slots=True)
class SubjectVoices:
    """``count``: how many towns named it."""

    label: str
    voices: tuple[Voice, ...]

    @property
    def count(self) -> int:
        return len(self.voices)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A piece to be put into a report: ``part`` is アウトプット, アウトカム or 声."""

    part: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ResultText:
    title: str
    output: str
    outcome: str


def by_subject(voices: Iterable[Voice]) -> list[SubjectVoices]:
    """Every subject in its order, those that nobody named too."""
    known = list(voices)
    return [
        SubjectVoices(label, tuple(voice for voice in known if voice.subject == subject))
        for subject, label in SUBJECTS.items()
    ]


def output_words(row: RowFigures) -> str:
    """「300回（目標360回の83%、計画どおり）」"""
    unit = row.row.unit
    share = f"の{row.percent}%" if row.percent is not None else ""
    return f"{row.actual:,}{unit}（目標{row.row.target:,}{unit}{share}、{row.state.label}）"


def blocks(
    rows: Iterable[RowFigures], results: Sequence[ResultText], subjects: Iterable[SubjectVoices]
) -> list[TextBlock]:
    """In the order of the report. Voices without the names of towns: a report is read by everybody."""
    plan = [TextBlock("アウトプット", f"{row.row.section} {row.row.item}", output_words(row)) for row in rows]
    outputs = [TextBlock("アウトプット", result.title, result.output) for result in results if result.output]
    outcomes = [TextBlock("アウトカム", result.title, result.outcome) for result in results if result.outcome]
    voices = [
        TextBlock(
            "声", f"{subject.label}（{subject.count}団体）", "\n".join(f"・{voice.text}" for voice in subject.voices)
        )
        for subject in subjects
        if subject.voices
    ]
    return [*plan, *outputs, *outcomes, *voices]
