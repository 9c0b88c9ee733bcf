"""Areas come from a reviewed file; their codes never change, so loading again only renames and reorders."""

import yaml
from django.db import transaction

from dxportal.core.taxonomy.models import Area


@transaction.atomic
def load_areas(text: str) -> dict[str, Area]:
    """Areas of the YAML text by code, made or brought up to date; areas that the file lacks are kept."""
    rows = yaml.safe_load(text)
    return {row["code"]: _load(position, **row) for position, row in enumerate(rows, 1)}


def _load(position: int, *, code: str, name: str, description: str = "") -> Area:
    values = {"name": name, "description": description, "sort_order": position}
    area, _ = Area.objects.update_or_create(code=code, defaults=values)
    return area
