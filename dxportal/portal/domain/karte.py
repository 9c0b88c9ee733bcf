"""A municipality's karte as plain data: one entry a survey, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.domain.questionnaires.wording import answer_lines
from assessments.domain.scores import aggregation
from assessments.domain.scores.aggregation import AreaQuestion, AreaShare, Peers
from assessments.domain.scores.scoring import HIDDEN
from assessments.enums import ResponseState, Tier
from dxportal.core.ui.japanese import western
from dxportal.core.ui.numbers import percent, points, signed
from dxportal.portal.domain.board import pair, scored_sections, section_label, section_mean, survey_head, tier_bands
from dxportal.portal.domain.facts import Card, Facts, SurveyFacts, Town

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Averages:
    """A survey's mean points by question code, computed once for all its municipalities."""

    questions: Mapping[str, Fraction]


def averages(one: SurveyFacts) -> Averages:
    earned: dict[str, list[int]] = {}
    for card in one.cards.values():
        for code, (points_earned, _, _) in card.questions.items():
            earned.setdefault(code, []).append(points_earned)
    return Averages({code: Fraction(sum(values), len(values)) for code, values in earned.items()})


def karte(facts: Facts, town: Town, means: Mapping[int, Averages]) -> Data:
    """The overview; ``means`` by survey id."""
    entries = [
        entry(facts, one, town, means[one.survey.pk])
        for one in facts.surveys
        if town.id in one.cards or town.id in one.respondents or town.id in one.tiers
    ]
    return {"town": town_head(town), "entries": entries}


def town_head(town: Town) -> Data:
    year = max(town.profiles, default=None)
    profile = town.profiles[year] if year is not None else None
    date = profile.population_date if profile else None
    return {
        "id": town.id,
        "name": town.name,
        "kana": town.kana,
        "code": town.code,
        "kind": town.kind,
        "bureau": town.bureau,
        "bureau_id": town.bureau_id,
        "population": profile.population if profile else None,
        "population_date": western(date) if date else "",
        "staff": profile.staff if profile else None,
        "profile_year": year,
    }


def entry(facts: Facts, one: SurveyFacts, town: Town, means: Averages) -> Data:
    """One survey's part. Whatever municipalities see only after publication stands under ``scores``."""
    card = one.cards.get(town.id)
    state = one.states.get(town.id, "")
    return {
        "survey": survey_head(one),
        "state": ResponseState(state).label if state else "",
        "published": one.published,
        "answered": town.id in one.respondents,
        "scores": scores(facts, one, town, card, means) if card or town.id in one.tiers else None,
        "changes": change_rows(facts, one, town),
        "compared": compared_with(facts, one, town),
    }


def scores(facts: Facts, one: SurveyFacts, town: Town, card: Card | None, means: Averages) -> Data:
    last = facts.last_year(one)
    before = last.cards.get(town.id) if last else None
    peers = aggregation.peers_of(
        town.id, {member: facts.towns[member].population(one.survey.fiscal_year) for member in one.cards}
    )
    found = {
        **tier_head(one, town),
        "last_year": last.survey.fiscal_year if last else None,
        "last_published": last.published if last else False,
        "last_tier": last.tiers.get(town.id) if last else None,
        "peers": peer_head(peers, one, facts, town),
        "count": len(one.cards),
    }
    return found | (card_scores(one, card, before, peers, facts.areas, means) if card else {"total": None})


def tier_head(one: SurveyFacts, town: Town) -> Data:
    tier = one.tiers.get(town.id)
    band = tier_bands(one).get(tier)
    row = one.classification
    return {
        "tier": tier,
        "tier_name": band.name if band else Tier(tier).label if tier else "",
        "meaning": band.meaning if band else "",
        "support": band.support if band else "",
        "step": row.get_step_display() if row else "算定",
        "date": western(row.decided_on) if row and row.decided_on else "",
    }


def peer_head(peers: Peers, one: SurveyFacts, facts: Facts, town: Town) -> Data:
    """In words: whom the karte calls peers, and how many."""
    count = len(peers.organizations)
    band = aggregation.band_of(town.population(one.survey.fiscal_year))
    words = {
        "band": f"人口{band.label}の{count}団体" if band else "",
        "nearest": f"人口の近い{count}団体",
        "unknown": "",
    }
    return {"count": count, "rule": peers.rule, "label": words[peers.rule] if count else ""}


def card_scores(
    one: SurveyFacts, card: Card, before: Card | None, peers: Peers, areas: tuple[str, ...], means: Averages
) -> Data:
    standings = area_rows(one, card, areas, means)
    strengths, gaps = aggregation.strengths_and_gaps(standings)
    peer_cards = [one.cards[peer] for peer in peers.organizations]
    return {
        "total": pair(card.total),
        "maximum": card.maximum,
        "mean": pair(aggregation.mean(other.total for other in one.cards.values())),
        "peer_mean": pair(aggregation.mean(other.total for other in peer_cards)),
        "change": signed(card.total - before.total) if before and before.maximum == card.maximum else "",
        "priority": card.priority,
        "supports": list(card.supports),
        "sections": [section_row(section, one, card, before, peer_cards) for section in scored_sections(one)],
        "areas": [area_data(standing, one) for standing in standings],
        "strengths": [standing.area for standing in strengths],
        "gaps": [standing.area for standing in gaps],
    }


def section_row(section: Mapping, one: SurveyFacts, card: Card, before: Card | None, peer_cards: list[Card]) -> Data:
    code = section["code"]
    own, last = card.section(code), before.section(code) if before else None
    peers = [value for value in (peer.section(code) for peer in peer_cards) if value is not None]
    return {
        "code": code,
        "step": section.get("step"),
        "label": section_label(section),
        "title": section["title"],
        "worth": section["worth"],
        "own": pair(own, section["worth"]),
        "mean": pair(section_mean(one, code)),
        "peer": pair(aggregation.mean(peers)),
        "change": signed(own - last) if own is not None and last is not None else "",
    }


def area_rows(one: SurveyFacts, card: Card, areas: tuple[str, ...], means: Averages) -> tuple[AreaShare, ...]:
    """Over the questions of an area that were asked and score points."""
    if one.spec is None:
        return ()
    asked = [
        AreaQuestion(question.area, question.code, card.questions[question.code][0], card.questions[question.code][1])
        for question in one.spec.questions
        if question.area and question.code in card.questions and card.questions[question.code][2] != HIDDEN
    ]
    return aggregation.area_shares(asked, means.questions, areas)


def area_data(standing: AreaShare, one: SurveyFacts) -> Data:
    return {
        "area": standing.area,
        "own": percent(standing.own, 0),
        "mean": percent(standing.mean, 0),
        "difference": points(standing.difference, 0),
        "gap": [-standing.difference.numerator, standing.difference.denominator],
        "bar": [round(standing.own * 200), round(standing.mean * 200)],
        "questions": [
            [question.code, one.spec.question(question.code).short, question.earned, question.possible]
            for question in standing.questions
        ],
    }


def change_rows(facts: Facts, one: SurveyFacts, town: Town) -> list[Data]:
    """Answers that differ from the survey compared with."""
    previous = facts.previous(one)
    now = one.respondents.get(town.id)
    before = previous.respondents.get(town.id) if previous else None
    if now is None or before is None:
        return []
    return [
        {
            "code": change.code,
            "short": one.spec.question(change.code).short,
            "before": list(change.before),
            "after": list(change.after),
            "direction": change.direction,
        }
        for change in aggregation.changes(one.spec, now, previous.spec, before)
    ]


def compared_with(facts: Facts, one: SurveyFacts, town: Town) -> str:
    """The title of the survey that answers are compared with; "" when there is none to compare with."""
    previous = facts.previous(one)
    return previous.survey.title if previous and town.id in previous.respondents else ""


def answers(facts: Facts, town: Town) -> Data:
    """Every answer of every survey, with what was said the time before; points under ``points``."""
    entries = [answer_entry(facts, one, town) for one in facts.surveys if town.id in one.respondents]
    return {"town": town_head(town), "entries": entries}


def answer_entry(facts: Facts, one: SurveyFacts, town: Town) -> Data:
    sections = [
        {
            "code": section.code,
            "title": section.title,
            "questions": [answer_row(facts, one, town, question) for question in one.spec.in_section(section.code)],
        }
        for section in one.spec.sections
    ]
    return {"survey": survey_head(one), "published": one.published, "sections": sections}


def answer_row(facts: Facts, one: SurveyFacts, town: Town, question: Any) -> Data:
    respondent, card = one.respondents[town.id], one.cards.get(town.id)
    shown = question.code in respondent.shown
    lines = answer_lines(question, respondent.answers.get(question.code)) if shown else ()
    scored = card.questions.get(question.code) if card and question.scored and shown else None
    before = before_lines(facts, one, town, question.key)
    return {
        "code": question.code,
        "short": question.short,
        "lines": list(lines),
        "state": "対象外" if not shown else "" if lines else "未回答",
        "before": list(before),
        "changed": bool(before) and list(before) != list(lines),
        "points": f"{scored[0]}／{scored[1]}" if scored else "",
    }


def before_lines(facts: Facts, one: SurveyFacts, town: Town, key: str) -> tuple[str, ...]:
    previous = facts.previous(one)
    respondent = previous.respondents.get(town.id) if previous else None
    if respondent is None:
        return ()
    old = next((question for question in previous.spec.questions if question.key == key), None)
    if old is None or old.code not in respondent.shown:
        return ()
    return answer_lines(old, respondent.answers.get(old.code))
