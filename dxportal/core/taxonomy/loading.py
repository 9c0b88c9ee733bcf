"""Areas and terms come from reviewed files; codes never change, so loading again only renames and reorders.

A name that another one replaces is kept among the other names: registers that were filled in before stay readable.
"""

from typing import Any

import yaml
from django.db import transaction

from dxportal.core.taxonomy.models import Area, Term


@transaction.atomic
def load_areas(text: str) -> dict[str, Area]:
    """Areas of the YAML text by code, made or brought up to date; areas that the file lacks are kept."""
    return load_rows(Area, text)


@transaction.atomic
def load_terms(text: str) -> dict[str, Term]:
    """Terms of the YAML text by code, made or brought up to date; terms that the file lacks are kept."""
    return load_rows(Term, text)


def load_rows(model: type[Area] | type[Term], text: str) -> dict[str, Any]:
    before = {row.code: row for row in model._default_manager.all()}
    stored: dict[str, Any] = {}
    for position, row in enumerate(yaml.safe_load(text), 1):
        earlier = before.get(row["code"])
        names = [*row.get("other_names", ()), *((*earlier.other_names, earlier.name) if earlier else ())]
        others = [name for name in dict.fromkeys(names) if name != row["name"]]
        values = row | {"other_names": others, "sort_order": position}
        stored[row["code"]], _ = model._default_manager.update_or_create(code=row["code"], defaults=values)
    return stored
