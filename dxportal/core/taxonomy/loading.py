"""Areas and terms come from reviewed files; codes never change, so loading again only renames and reorders."""

import yaml
from django.db import transaction

from dxportal.core.taxonomy.models import Area, Term


@transaction.atomic
def load_areas(text: str) -> dict[str, Area]:
    """Areas of the YAML text by code, made or brought up to date; areas that the file lacks are kept."""
    return _load(Area, text)


@transaction.atomic
def load_terms(text: str) -> dict[str, Term]:
    """Terms of the YAML text by code, made or brought up to date; terms that the file lacks are kept."""
    return _load(Term, text)


def _load(model, text: str) -> dict:
    rows = yaml.safe_load(text)
    return {row["code"]: _load_one(model, position, **row) for position, row in enumerate(rows, 1)}


def _load_one(model, position: int, *, code: str, **values):
    item, _ = model.objects.update_or_create(code=code, defaults=values | {"sort_order": position})
    return item
