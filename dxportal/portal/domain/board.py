"""The prefecture dashboard of one survey as plain data: everything the page shows, already computed and worded."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.scores import aggregation
from assessments.domain.tiers import comparison, rules
from assessments.domain.tiers.scheme_file import tiers_from_data
from assessments.enums import HANDED_IN_STATES, ResponseState, Tier
from assessments.models import Survey
from dxportal.core.ui.japanese import fiscal_label, western
from dxportal.core.ui.numbers import plain, signed
from dxportal.core.ui.tags.lists import heat_class
from dxportal.portal.domain.facts import Card, Facts, SurveyFacts, Town

Data = dict[str, Any]
LONGEST_LABEL = 8
YEARS = 4


def board(facts: Facts, one: SurveyFacts) -> Data:
    """``towns`` carries names: ``public.board`` makes the part that municipalities may read."""
    last = facts.last_year(one)
    sections = scored_sections(one)
    return {
        "survey": survey_head(one),
        "members": len(one.members),
        "handed_in": handed_in(one),
        "scored": one.scored,
        "scored_count": len(one.cards),
        "maximum": maximum(one),
        "run_as_of": one.run_as_of.isoformat() if one.run_as_of else "",
        "classification": classification_head(one),
        "sections": [section_head(section, one, last) for section in sections],
        "mean": pair(aggregation.mean(card.total for card in one.cards.values())),
        "mean_change": mean_change(one, last),
        "last": last_head(last),
        "means": mean_rows(facts, one),
        "tiers": tier_rows(one, last),
        "flows": flow_rows(one, last),
        "towns": [town_row(facts.towns[member], one, last, sections) for member in one.members],
    }


def mean_change(one: SurveyFacts, last: SurveyFacts | None) -> list | None:
    """Over the municipalities scored both times: while a survey runs, others would stand behind the two means."""
    if last is None or maximum(one) != maximum(last):
        return None
    both = [(card.total, last.cards[town].total) for town, card in one.cards.items() if town in last.cards]
    return pair(aggregation.mean(now - before for now, before in both))


def mean_rows(facts: Facts, one: SurveyFacts) -> list[Data]:
    """Mean totals over the years, oldest first: of scored surveys with the same maximum, which alone compare."""
    return [
        {
            "survey": other.survey.pk,
            "label": f"{other.survey.fiscal_year}年度{other.survey.get_round_display()}",
            "mean": pair(aggregation.mean(card.total for card in other.cards.values())),
            "count": len(other.cards),
            "published": other.published,
        }
        for other in facts.run_of(one, YEARS)
        if other.scored and maximum(other) == maximum(one)
    ]


def survey_head(one: SurveyFacts) -> Data:
    survey = one.survey
    return {
        "id": survey.pk,
        "prefecture_id": survey.prefecture_id,
        "title": survey.title,
        "name": survey_name(survey),
        "year": survey.fiscal_year,
        "year_label": fiscal_label(survey.fiscal_year),
        "round": survey.get_round_display(),
        "state": survey.state,
        "state_label": survey.get_state_display(),
        "closes_at": survey.closes_at.isoformat(),
        "visibility": survey.visibility,
        "group": survey.group.name if survey.group_id else "",
        "source": survey.source,
        "questionnaire": one.spec.title if one.spec else "",
        "source_note": one.spec.source_note if one.spec else "",
    }


def survey_name(survey: Survey) -> str:
    """The title with year and round, where it does not say them itself."""
    year = "" if "年度" in survey.title else f"{fiscal_label(survey.fiscal_year)} "
    turn = survey.get_round_display()
    return f"{year}{survey.title}" + ("" if turn in survey.title else f"（{turn}）")


def handed_in(one: SurveyFacts) -> int:
    """Sheets submitted or confirmed; of imported scores every row counts."""
    return sum(state in HANDED_IN_STATES for state in one.states.values()) if one.states else len(one.cards)


def maximum(one: SurveyFacts) -> int:
    return max((card.maximum for card in one.cards.values()), default=0)


def classification_head(one: SurveyFacts) -> Data:
    """``label`` says how final the tiers are: 算定 until a classification is begun."""
    row = one.classification
    return {
        "label": row.get_step_display() if row else "算定" if one.tiers else "",
        "published": one.published,
        "names_hidden": row.names_hidden if row else True,
        "date": western(row.decided_on) if row and row.decided_on else "",
    }


def scored_sections(one: SurveyFacts) -> list[Mapping]:
    """The sections that count, as the cards tell them."""
    card = next(iter(one.cards.values()), None)
    return [section for section in card.sections if section.get("worth")] if card else []


def section_label(section: Mapping) -> str:
    """Short enough for a table's head: 「Step0」, 「重点分野1」."""
    if section.get("step") is not None:
        return f"Step{section['step']}"
    first = section["title"].split()[0] if section["title"].split() else ""
    return first if len(first) <= LONGEST_LABEL else f"{first[: LONGEST_LABEL - 1]}…"


def section_head(section: Mapping, one: SurveyFacts, last: SurveyFacts | None) -> Data:
    own, before = section_mean(one, section["code"]), section_mean(last, section["code"]) if last else None
    return {
        "code": section["code"],
        "label": section_label(section),
        "title": section["title"],
        "worth": section["worth"],
        "mean": pair(own),
        "mean_last": pair(before),
    }


def section_mean(one: SurveyFacts, code: str) -> Fraction | None:
    values = (card.section(code) for card in one.cards.values())
    return aggregation.mean(value for value in values if value is not None)


def last_head(last: SurveyFacts | None) -> Data | None:
    if last is None:
        return None
    return {
        "id": last.survey.pk,
        "title": last.survey.title,
        "year_label": fiscal_label(last.survey.fiscal_year),
        "members": len(last.members),
        "handed_in": handed_in(last),
        "mean": pair(aggregation.mean(card.total for card in last.cards.values())),
        "maximum": maximum(last),
        "published": last.published,
        "tiered": bool(last.tiers),
    }


def tier_rows(one: SurveyFacts, last: SurveyFacts | None) -> list[Data]:
    """Highest tier first, each with its written meaning and support."""
    now = comparison.tier_counts(one.tiers.values())
    before = comparison.tier_counts(last.tiers.values()) if last else {}
    bands = tier_bands(one)
    return [
        {
            "tier": tier,
            "name": bands[tier].name if tier in bands else Tier(tier).label,
            "meaning": bands[tier].meaning if tier in bands else "",
            "support": bands[tier].support if tier in bands else "",
            "minimum": f"{float(bands[tier].minimum):g}" if tier in bands else "",
            "count": now[tier],
            "last": before.get(tier),
        }
        for tier in rules.TIERS
    ]


def tier_bands(one: SurveyFacts) -> dict:
    scheme = one.survey.tier_scheme
    if scheme is None:
        return {}
    return {band.tier: band for band in tiers_from_data(scheme.code, scheme.version, scheme.title, scheme.data).bands}


def flow_rows(one: SurveyFacts, last: SurveyFacts | None) -> list[Data]:
    flows = comparison.movements(last.tiers, one.tiers) if last else ()
    return [
        {"before": flow.before, "after": flow.after, "count": len(flow.organizations), "ids": list(flow.organizations)}
        for flow in flows
    ]


def town_row(town: Town, one: SurveyFacts, last: SurveyFacts | None, sections: list[Mapping]) -> Data:
    card, profile = one.cards.get(town.id), town.profile(one.survey.fiscal_year)
    population = profile.population if profile else None
    band = aggregation.band_of(population)
    state = one.states.get(town.id, "")
    return {
        "id": town.id,
        "name": town.name,
        "kana": town.kana,
        "code": town.code,
        "bureau": town.bureau,
        "bureau_id": town.bureau_id,
        "prefecture_id": town.prefecture_id,
        "population": population,
        "band": band.code if band else "",
        "row": profile.tile_row if profile else None,
        "column": profile.tile_column if profile else None,
        "state": ResponseState(state).label if state else "",
        "tier": one.tiers.get(town.id),
        "tier_last": last.tiers.get(town.id) if last else None,
        **card_row(card, last.cards.get(town.id) if last else None, sections),
    }


def card_row(card: Card | None, before: Card | None, sections: list[Mapping]) -> Data:
    """``total`` and each of ``cells``: [numerator, denominator, text, heat class], None without a score."""
    if card is None:
        empty = {"total": None, "total_last": None, "cells": [None for _ in sections]}
        return empty | {"change": "", "priority": "", "supports": []}
    comparable = before is not None and before.maximum == card.maximum
    change = signed(card.total - before.total) if comparable else ""
    return {
        "total": pair(card.total, card.maximum),
        "total_last": pair(before.total) if comparable else None,
        "cells": [pair(card.section(section["code"]), section["worth"]) for section in sections],
        "change": change,
        "priority": card.priority,
        "supports": list(card.supports),
    }


def pair(value: Fraction | None, top: int | None = None) -> list | None:
    """An exact value with its text (and heat class): [numerator, denominator, text(, class)]."""
    if value is None:
        return None
    found = [value.numerator, value.denominator, plain(value, 1)]
    return found if top is None else [*found, heat_class(value, top)]
