"""What municipalities may read of a prefecture's figures: computed into rows of their own, so that a page for them
never touches one with more.

Of answers: the counts, once the survey is closed (while it runs, a change of a count would give a neighbour's answer
away); named answers only where the survey says so. Of scores and tiers: nothing before publication; then counts and
means, and names only where the prefecture published with names.
"""

from typing import Any

from assessments.enums import SectionKind, SurveyState, Visibility

Data = dict[str, Any]
FEWEST = 3


def board(data: Data) -> Data:
    """The dashboard without municipalities' scores."""
    published = data["classification"]["published"]
    named = published and not data["classification"]["names_hidden"]
    found = {key: data[key] for key in ("survey", "members", "handed_in", "maximum", "run_as_of")}
    last = data["last"] if data["last"] and data["last"]["published"] else None
    return found | {
        "scored": published and data["scored"],
        "scored_count": data["scored_count"] if published else 0,
        "classification": data["classification"] if published else {"label": "", "published": False, "date": ""},
        "sections": [_section(one, last) for one in data["sections"]] if published else [],
        "mean": data["mean"] if published else None,
        "mean_change": data["mean_change"] if published and last else None,
        "last": last if published else None,
        "means": [one for one in data["means"] if one["published"]] if published else [],
        "tiers": [_tier(one, last) for one in data["tiers"]] if published else [],
        "flows": [_flow(one) for one in data["flows"]] if published and last else [],
        "towns": [_town(one) for one in data["towns"] if _own(one, data)] if named else [],
    }


def _section(section: Data, last: Data | None) -> Data:
    return section if last else {**section, "mean_last": None}


def _tier(tier: Data, last: Data | None) -> Data:
    return tier if last else {**tier, "last": None}


def _flow(flow: Data) -> Data:
    return {**flow, "ids": []}


def _town(town: Data) -> Data:
    """Name and tier: what a publication with names says, and nothing else."""
    kept = ("id", "name", "kana", "code", "bureau", "bureau_id", "row", "column", "tier")
    rest = {"prefecture_id": town["prefecture_id"], "population": None, "band": "", "state": "", "tier_last": None}
    return {key: town[key] for key in kept} | rest | {
        "total": None, "total_last": None, "cells": [], "change": "", "priority": "", "supports": [],
    }  # fmt: skip


def questions(data: Data) -> Data:
    """The index: codes and titles always, results once closed; nothing about the persons who answered."""
    data = {**data, "sections": [one for one in data["sections"] if one["kind"] != SectionKind.PROFILE]}
    if _closed(data):
        return data
    blank = {"asked": None, "answered": None, "headline": ""}
    sections = [
        {**section, "questions": [{**question, **blank} for question in section["questions"]]}
        for section in data["sections"]
    ]
    return {**data, "sections": sections}


def question(data: Data) -> Data | None:
    """One question's result; None while the survey runs, and for what is asked of the person who answers."""
    if not _closed(data) or data["section_kind"] == SectionKind.PROFILE:
        return None
    named = data["survey"]["visibility"] == Visibility.NAMED
    previous = data["previous"]
    if previous and previous["survey"]["state"] != SurveyState.CLOSED:
        previous = None
    return anonymous({**data, "previous": previous}) if not named else {**data, "previous": _without_bins(previous)}


def _without_bins(previous: Data | None) -> Data | None:
    """The last survey may have been for counts only: no organisation of it goes along."""
    return {**previous, "numbers": None} if previous else None


def anonymous(data: Data) -> Data:
    """Counts only. Texts name their writer, single numbers a municipality: both stay away."""
    numbers = data["numbers"]
    return data | {
        "names": {},
        "answered_count": len(data["answered"]),
        "unanswered_count": len(data["unanswered"]),
        "hidden_count": len(data["hidden"]),
        "answered": [],
        "unanswered": [],
        "hidden": [],
        "options": [_nameless(option) for option in data["options"]],
        "rows": [_row(row) for row in data["rows"]],
        "numbers": _numbers(numbers, len(data["answered"])) if numbers else None,
        "texts": [],
        "texts_withheld": len(data["texts"]),
        "previous": _without_bins(data["previous"]),
    }


def _nameless(option: Data) -> Data:
    return {**option, "ids": []}


def _row(row: Data) -> Data:
    return {
        **row,
        "unanswered": [],
        "unanswered_count": len(row["unanswered"]),
        "options": [_nameless(option) for option in row["options"]],
    }


def _numbers(numbers: Data, answered: int) -> Data | None:
    """Mean and median of enough answers; lowest, highest and single values belong to somebody."""
    if answered < FEWEST:
        return None
    bins = [
        {**one, "ids": [], "count": one["count"] if not 0 < one["count"] < FEWEST else None} for one in numbers["bins"]
    ]
    return {**numbers, "minimum": None, "maximum": None, "bins": bins, "values": []}


def matrix(data: Data | None) -> Data | None:
    """Named answers side by side: only where the survey shows them, once it is closed."""
    if data is None or not _closed(data) or data["survey"]["visibility"] != Visibility.NAMED:
        return None
    personal = {one["code"] for one in data["sections"] if one["kind"] == SectionKind.PROFILE}
    kept = [at for at, one in enumerate(data["columns"]) if one["section"] not in personal]
    return {
        **data,
        "sections": [one for one in data["sections"] if one["code"] not in personal],
        "columns": [data["columns"][at] for at in kept],
        "towns": [{**town, "cells": [town["cells"][at] for at in kept]} for town in data["towns"] if _own(town, data)],
    }


def karte(data: Data) -> Data:
    """A municipality's own karte: scores and tier from the day they are published."""
    return {**data, "entries": [_own_entry(entry) for entry in data["entries"]]}


def _own_entry(entry: Data) -> Data:
    scores = entry["scores"] if entry["published"] else None
    if scores:
        scores = _own_scores(scores)
    return {**entry, "scores": scores}


def _own_scores(scores: Data) -> Data:
    """Means over fewer than three others would give them away."""
    found = dict(scores)
    if not scores["last_published"]:
        found |= {"last_tier": None, "change": ""}
        found["sections"] = [{**one, "change": ""} for one in scores.get("sections", [])]
    if scores["peers"]["count"] < FEWEST and "sections" in found:
        found["peer_mean"] = None
        found["sections"] = [{**one, "peer": None} for one in found["sections"]]
    if scores["count"] <= FEWEST:
        found["mean"] = None
        found["sections"] = [{**one, "mean": None} for one in found.get("sections", [])]
        found["areas"], found["strengths"], found["gaps"] = [], [], []
    return found


def karte_answers(data: Data) -> Data:
    """Own answers in full; points from the day they are published."""
    return {**data, "entries": [entry if entry["published"] else _unscored(entry) for entry in data["entries"]]}


def _unscored(entry: Data) -> Data:
    sections = [
        {**section, "questions": [{**question, "points": ""} for question in section["questions"]]}
        for section in entry["sections"]
    ]
    return {**entry, "sections": sections}


def _own(town: Data, data: Data) -> bool:
    """Nothing of a group's member crosses the border of its prefecture."""
    return town["prefecture_id"] == data["survey"]["prefecture_id"]


def _closed(data: Data) -> bool:
    return data["survey"]["state"] == SurveyState.CLOSED
