"""What to offer while somebody types: organisations, fields and areas, titles; only of what the person may see."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from casestudies.enums import Basis, PlaceRole
from casestudies.models import Case, CasePlace
from dxportal.core.names import joined, name_key, plain_letters, reading_key
from dxportal.core.taxonomy.enums import Vocabulary
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.textsearch.language import even
from dxportal.core.ui.folded import called

LONGEST = 40  # characters; more is a question rather than the beginning of a name
MOST_NAMES = 4
MOST_WORDS = 3
MOST_TITLES = 4
_ANY_KANJI = "山"
_WITH_PREFECTURE = re.compile(r"(北海道|東京都|(?:大阪|京都)府|[^都道府県]{2,3}県)(.+)")


@dataclass(frozen=True, slots=True)
class SearchSuggestion:
    """``kind``: organization, field, area or title. ``value``: a name, a code, a case's source id."""

    kind: str
    label: str
    value: str
    prefecture: str = ""


def suggest(user, text: str, titles: Iterable[tuple[str, str]] = ()) -> list[SearchSuggestion]:
    """``titles``: (source id, title) of what the search itself finds for the text, best first."""
    text = even(" ".join(text.split()))
    if not name_key(text) or len(text) > LONGEST or "\x00" in text:
        return []
    cases = Case.objects.published_for(user)
    return [*organizations_called(cases, text), *words_of_the_field(cases, text), *titles_with(cases, text, titles)]


def organizations_called(cases, text: str) -> list[SearchSuggestion]:
    """By the beginning of name or kana, in any writing; 「岩手県紫」 is a prefecture and the beginning of a name."""
    begins = Q(kana__startswith=reading_key(text))
    # 「鎌が」 and 「西之」: a kanji may follow, before which these letters are others.
    for key in {name_key(text), joined(f"{plain_letters(text)}{_ANY_KANJI}").removesuffix(_ANY_KANJI)}:
        begins |= Q(name__folded__startswith=key)
        if split := _WITH_PREFECTURE.fullmatch(key):
            begins |= Q(prefecture_name__folded=split[1], name__folded__startswith=split[2])
    known = CasePlace.objects.filter(begins, role=PlaceRole.MAIN, case__in=cases).exclude(basis=Basis.UNCONFIRMED)
    rows = known.values_list("name", "prefecture_name", "kind").annotate(cases=Count("case", distinct=True))
    return [
        SearchSuggestion("organization", name if kind == "prefecture" else f"{prefecture}{name}", name, prefecture)
        for name, prefecture, kind, _ in rows.order_by("-cases", "name")[:MOST_NAMES]
    ]


def words_of_the_field(cases, text: str) -> list[SearchSuggestion]:
    fields = Term.objects.filter(vocabulary__in=(Vocabulary.FIELD, Vocabulary.LAYER))
    # Only words that lead somewhere: what no case in the person's reach is filed under is not offered.
    used = {
        "field": fields.filter(Exists(cases.filter(field=OuterRef("pk")))),
        "area": Area.objects.filter(Exists(cases.filter(areas=OuterRef("pk")))),
    }
    suggestions = [
        SearchSuggestion(kind, name, code)
        for kind, rows in used.items()
        for code, name in rows.filter(called(text, "name")).values_list("code", "name")[:MOST_WORDS]
    ]
    return sorted(suggestions, key=lambda suggestion: not suggestion.label.startswith(text))[:MOST_WORDS]


def titles_with(cases, text: str, hits: Iterable[tuple[str, str]]) -> list[SearchSuggestion]:
    """Half-typed words are in no index: titles that hold the letters come before what else the search finds."""
    hits = list(hits)
    key = name_key(text)
    titles = dict([(source_id, title) for source_id, title in hits if key in name_key(title)][:MOST_TITLES])
    if len(titles) < MOST_TITLES and len(text) > 1:
        others = cases.exclude(source_id__in=titles).order_by("source_id").values_list("source_id", "title")
        rows = others.filter(title__icontains=text)[: MOST_TITLES - len(titles)]
        # Every writing is tried where this one is nowhere: that costs the folding of each title.
        titles |= dict(rows) or ({} if titles else dict(others.filter(called(text, "title"))[:MOST_TITLES]))
    titles |= {source_id: title for source_id, title in hits if source_id not in titles}
    return [SearchSuggestion("title", title, source_id) for source_id, title in titles.items()][:MOST_TITLES]
