"""A municipality's karte as it is stored: a row a survey with what is the municipality's own. Pure.

Means and peers are no part of it: ``comparison`` stores them once a survey, and ``joined`` brings the two together
when a karte is read, so that no karte shows an old mean.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.scores import aggregation
from assessments.domain.scores.scoring import HIDDEN
from dxportal.core.organizations.then import placed
from dxportal.portal.domain.dashboard.content import scored_sections
from dxportal.portal.domain.matrix import HIDDEN as NOT_ASKED
from dxportal.portal.domain.matrix import AnswerText, answer_text
from dxportal.portal.domain.snapshots.facts import Card, Facts, SurveyFacts, Town, last_year_of, previous_of
from dxportal.portal.domain.surveys import Decision, SurveyHead, TierWords
from dxportal.portal.domain.values import Exact, Figures, difference


@dataclass(frozen=True, slots=True)
class TownHead(Figures):
    """Who it is, with the newest known profile; ``kind`` is a code."""

    id: int
    name: str
    kana: str
    code: str
    kind: str
    bureau: str
    bureau_id: int
    population: int | None = None
    population_date: dt.date | None = None
    staff: int | None = None
    profile_year: int | None = None


@dataclass(frozen=True, slots=True)
class OwnSection:
    """A section's score; ``change``: since last year's survey, None where it doesn't compare."""

    code: str
    title: str
    step: int | None
    worth: int
    own: Exact | None
    change: Exact | None


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """Points of one scored question that was asked."""

    code: str
    short: str
    area: str
    earned: int
    possible: int


@dataclass(frozen=True, slots=True)
class OwnScores:
    """Whatever municipalities see only after publication. Without a card (a tier alone) ``total`` is None.

    ``last_published``: whether last year's figures may be told.
    """

    decision: Decision
    tier: TierWords | None
    last_tier: int | None
    last_published: bool
    total: Exact | None = None
    maximum: int = 0
    change: Exact | None = None
    priority: str = ""
    supports: tuple[str, ...] = ()
    sections: tuple[OwnSection, ...] = ()
    questions: tuple[OwnQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class KarteChange:
    """An answer that differs from the last one. ``direction``: 1 up a ladder, −1 down, 0 neither."""

    code: str
    short: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    direction: int


@dataclass(frozen=True, slots=True)
class KarteEntry(Figures):
    """One survey's part of a karte. ``compared``: the title of the survey that answers are compared with, or "".

    ``called``: the municipality's name on the survey's day beside the present one, "" where it still has it.
    """

    survey: SurveyHead
    state: str
    published: bool
    answered: bool
    scores: OwnScores | None
    changes: tuple[KarteChange, ...]
    compared: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer with what was said the time before; ``earned`` is None where points don't show."""

    code: str
    short: str
    now: AnswerText
    before: AnswerText | None
    earned: int | None = None
    possible: int | None = None

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before.all_lines != self.now.all_lines


@dataclass(frozen=True, slots=True)
class AnswerSection:
    code: str
    title: str
    questions: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class AnswerList(Figures):
    """Every answer of one survey."""

    survey: SurveyHead
    published: bool
    sections: tuple[AnswerSection, ...]


def town_head(town: Town) -> TownHead:
    year = max(town.profiles, default=None)
    head = TownHead(town.id, town.name, town.kana, town.code, town.kind, town.bureau, town.bureau_id)
    if year is None:
        return head
    profile = town.profiles[year]
    return TownHead(
        id=town.id,
        name=town.name,
        kana=town.kana,
        code=town.code,
        kind=town.kind,
        bureau=town.bureau,
        bureau_id=town.bureau_id,
        population=profile.population,
        population_date=profile.population_date,
        staff=profile.staff,
        profile_year=year,
    )


def takes_part(survey: SurveyFacts, town: int) -> bool:
    """Whether the survey has an entry in the municipality's karte."""
    return town in survey.cards or town in survey.respondents or town in survey.tiers


def entry_of(facts: Facts, survey: SurveyFacts, town: int) -> KarteEntry:
    previous = previous_of(facts.surveys, survey)
    before = previous.respondents.get(town) if previous else None
    now = survey.respondents.get(town)
    changes: tuple[aggregation.AnswerChange, ...] = ()
    if survey.spec and previous and previous.spec and now and before:
        changes = aggregation.changes(survey.spec, now, previous.spec, before)
    shorts = {question.code: question.short for question in survey.spec.questions} if survey.spec else {}
    return KarteEntry(
        survey=survey.head,
        state=survey.states.get(town, ""),
        published=survey.published,
        answered=now is not None,
        scores=_scores(facts, survey, town) if town in survey.cards or town in survey.tiers else None,
        changes=tuple(
            KarteChange(change.code, shorts[change.code], change.before, change.after, change.direction)
            for change in changes
        ),
        compared=previous.head.title if previous and before else "",
        called=_called(facts, survey, town),
    )


def _called(facts: Facts, survey: SurveyFacts, town: int) -> str:
    """Of a town that ended its last name is the one that the karte is headed with."""
    then = facts.town(town, survey)
    return "" if then.name == facts.towns[town].name else placed(then.name, then.now)


def _scores(facts: Facts, survey: SurveyFacts, town: int) -> OwnScores:
    last = last_year_of(facts.surveys, survey)
    card = survey.cards.get(town)
    before = last.cards.get(town) if last else None
    tier = survey.tiers.get(town)
    comparable = card is not None and before is not None and card.maximum == before.maximum
    return OwnScores(
        decision=survey.decision if survey.decision.step else Decision("computed"),
        tier=survey.words[tier] if tier is not None else None,
        last_tier=last.tiers.get(town) if last else None,
        last_published=last.published if last else False,
        total=card.total if card else None,
        maximum=card.maximum if card else 0,
        change=card.total - before.total if card and before and comparable else None,
        priority=card.priority if card else "",
        supports=tuple(card.supports) if card else (),
        sections=tuple(_section(section, card, before) for section in scored_sections(survey)) if card else (),
        # Those of an area that were asked and score points.
        questions=tuple(
            OwnQuestion(question.code, question.short, question.area, *card.questions[question.code][:2])
            for question in (survey.spec.questions if survey.spec else ())
            if question.area and question.code in card.questions and card.questions[question.code][2] != HIDDEN
        )
        if card
        else (),
    )


def _section(section: Mapping[str, Any], card: Card, before: Card | None) -> OwnSection:
    own = card.section(section["code"])
    last = before.section(section["code"]) if before else None
    change = difference(own, last)
    return OwnSection(section["code"], section["title"], section.get("step"), section["worth"], own, change)


def answers_of(facts: Facts, survey: SurveyFacts, spec: QuestionnaireSpec, town: int) -> AnswerList:
    now, card = survey.respondents[town], survey.cards.get(town)
    before = _earlier_answers(facts, survey, town)
    sections = []
    for section in spec.sections:
        rows = []
        for question in spec.in_section(section.code):
            text = answer_text(question, now)
            scored = card is not None and question.scored and text.state != NOT_ASKED
            points = card.questions.get(question.code) if card and scored else None
            earned, possible = points[:2] if points else (None, None)
            rows.append(AnswerRow(question.code, question.short, text, before.get(question.key), earned, possible))
        sections.append(AnswerSection(section.code, section.title, tuple(rows)))
    return AnswerList(survey.head, survey.published, tuple(sections))


def _earlier_answers(facts: Facts, survey: SurveyFacts, town: int) -> dict[str, AnswerText]:
    """By key: what was answered in the survey compared with."""
    previous = previous_of(facts.surveys, survey)
    respondent = previous.respondents.get(town) if previous else None
    if previous is None or previous.spec is None or respondent is None:
        return {}
    texts = {question.key: answer_text(question, respondent) for question in previous.spec.questions}
    return {key: text for key, text in texts.items() if not text.state}
