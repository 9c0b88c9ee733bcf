"""The order of a list, as asked by its sortable headers."""

from collections.abc import Mapping

from django.http import QueryDict


def ordering(query: QueryDict, allowed: Mapping[str, str], default: str, param: str = "sort") -> list[str]:
    """Order-by terms for ``?sort=-name``; ``allowed`` maps the header's field to the column.

    Unknown fields give the default. ``pk`` ends the list so that pages never overlap.
    """
    wanted = query.get(param, "")
    field = wanted.removeprefix("-")
    if field not in allowed:
        wanted, field = default, default.removeprefix("-")
    return [f"{'-' if wanted.startswith('-') else ''}{allowed.get(field, field)}", "pk"]
