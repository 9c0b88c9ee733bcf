"""The corpus of the knowledge search: which rows a person sees, and by what they are narrowed down."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from casestudies.domain.search.corpus import Corpus, case_keys, case_titles, keys_of
from casestudies.domain.search.facets import YES, Facet, FacetTable, in_order, named, newest_first, out_of
from consultations.models import Topic, TopicIndex
from consultations.models.topic_index import FIRST_KEY
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.portal.models import Knowledge, KnowledgeWord

CASE, TOPIC = "case", "topic"
SOURCES = {CASE: "事例", TOPIC: "論点"}
YEAR = re.compile(r"[12]\d{3}", re.ASCII)
NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)


def is_topic(key: int) -> bool:
    return key >= FIRST_KEY


def topic_keys(user: Any) -> Composable:
    return keys_of(TopicIndex.objects.filter(topic__in=Topic.objects.released_to(user)), "key")


def visible(user: Any) -> Composable:
    return SQL("{} UNION ALL {}").format(case_keys(user), topic_keys(user))


def titles(user: Any, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """Asked for anew: what was withdrawn since it was found shows no more."""
    topics = Topic.objects.released_to(user).filter(pk__in=[key - FIRST_KEY for key in keys if is_topic(key)])
    rows = topics.values_list("pk", "summary_title")
    return case_titles(user, [key for key in keys if not is_topic(key)]) | {
        FIRST_KEY + pk: (str(pk), title) for pk, title in rows
    }


def bureau_names(values: Collection[str]) -> dict[str, str]:
    rows = Organization.objects.filter(pk__in=[value for value in values if NUMBER.fullmatch(value)])
    named_rows = rows.filter(kind=OrganizationKind.BUREAU).values_list("pk", "name") if values else ()
    return {str(pk): name for pk, name in named_rows}


def in_index(row: Mapping[str, Any]) -> list[str]:
    """What a row holds is written by the index of its own kind."""
    return []


FACETS = FacetTable(
    (
        Facet(
            "sources",
            "kind",
            "種類",
            held=in_index,
            labels=out_of(SOURCES),
            shape=re.compile("|".join(SOURCES)),
            rank=in_order(SOURCES),
        ),
        Facet("areas", "area", "分野", held=in_index, labels=named(Area.objects.all)),
        Facet("bureaus", "bureau", "振興局", held=in_index, labels=bureau_names, shape=NUMBER),
        Facet(
            "years",
            "year",
            "年度",
            held=in_index,
            labels=lambda values: {value: f"{value}年度" for value in values},
            shape=YEAR,
            rank=newest_first,
        ),
        Facet("know_how", "know_how", "ノウハウあり", held=in_index, labels=out_of({YES: "ノウハウあり"}), flag=True),
    )
)

KNOWLEDGE = Corpus(Knowledge._meta.db_table, "key", KnowledgeWord, FACETS, visible, titles)
