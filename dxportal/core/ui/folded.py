"""Names compared in the database as ``core/names.py`` compares them: ``name__folded__contains="渡辺"`` finds 渡邉󠄀."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from django.db.models import CharField, Q, TextField, Transform

from dxportal.core.names import BETWEEN, LETTERS, name_key

# Kana before kanji, as code points are: what is met more often is found sooner.
_CHANGED = {code: letter for code, letter in sorted(LETTERS.items(), key=itemgetter(0)) if letter is not None}
_KANA = {code: letter for code, letter in _CHANGED.items() if code < 0x3100}


def table(letters: Mapping[int, str]) -> tuple[str, str]:
    """What ``translate`` wants: letters, and in the same order what they become."""
    return "".join(map(chr, letters)), "".join(letters.values())


def ranges(codes: Iterable[int]) -> str:
    """A set of letters for a pattern, in as few ranges as there are: PostgreSQL looks them through one by one."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][-1] + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return "[{}]".format("".join(rf"\U{run[0]:08x}-\U{run[-1]:08x}" for run in runs))


# PostgreSQL compares each letter with each of the table: the hundreds of old kanji only where there is one.
TRANSLATED = "CASE WHEN {0} ~ %s THEN translate({0}, %s, %s) ELSE translate({0}, %s, %s) END"
TABLES = (ranges(_CHANGED.keys() - _KANA.keys()), *table(_CHANGED), *table(_KANA))
# ``translate`` could drop them too, at twice the time: it compares letter by letter.
DROPPED = ranges(code for code, letter in LETTERS.items() if letter is None)


class Folded(Transform):
    """The key of a name. Both sides are folded, so that the database's idea of lower case is the same for both."""

    lookup_name = "folded"
    bilateral = True

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        text, of_text = compiler.compile(self.lhs)
        even = f"lower(normalize(({text})::text, NFKC))"
        old, *tables = TABLES
        sql = TRANSLATED.format(even)
        params = (*of_text, old, *of_text, *tables[:2], *of_text, *tables[2:])
        for pattern, letter in ((DROPPED, ""), *BETWEEN):
            sql = f"regexp_replace({sql}, %s, %s, 'g')"
            params += (pattern, letter)
        return sql, params


def called(typed: str, *paths: str) -> Q:
    """Rows of which one of the fields holds what was typed, however either is written; all where nothing can be seen."""
    anywhere = Q()
    if name_key(typed):
        for path in paths:
            anywhere |= Q(**{f"{path}__folded__contains": typed})
    return anywhere


def register() -> None:
    CharField.register_lookup(Folded)
    TextField.register_lookup(Folded)
