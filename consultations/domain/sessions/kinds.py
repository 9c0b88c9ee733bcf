"""The settings of the kinds of session: what comes with the portal, and what a prefecture decided for a year."""

from dataclasses import fields
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from consultations.domain.sessions.rules import KindRules
from consultations.enums import MEMO_OFFICE_ROLES, SUPPORTING_ROLES
from consultations.models import AgreedFrequency, SessionKind
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import CountingBook
from dxportal.core.occasions.models import OccasionKind
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible

BOOKS = (CountingBook.CONSULTATIONS, CountingBook.GROUP)
SETTINGS = tuple(field.name for field in fields(KindRules) if field.name not in ("code", "name"))


@lru_cache(maxsize=1)
def shipped() -> dict[str, dict[str, Any]]:
    """What comes with the portal, by code."""
    path = settings.BASE_DIR / "fixtures" / "consultations" / "kinds.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {row["code"]: {name: value for name, value in row.items() if name != "code"} for row in rows}


def occasion_kinds(prefecture_id: int) -> dict[str, OccasionKind]:
    """Those in the books of the consultations, a prefecture's own before everybody's of the same code."""
    rows = OccasionKind.objects.of_prefecture(prefecture_id).in_use().filter(book__in=BOOKS)
    return {row.code: row for row in sorted(rows, key=lambda row: (row.prefecture_id is not None, row.order))}


def rules_of(prefecture_id: int, year: int) -> dict[str, KindRules]:
    """By code, in order. The year's own settings, else the last ones before it, else what comes with the portal."""
    kinds = occasion_kinds(prefecture_id)
    decided: dict[str, SessionKind] = {}
    rows = SessionKind.objects.filter(prefecture=prefecture_id, fiscal_year__lte=year).order_by("fiscal_year")
    for row in rows:  # a later year overwrites an earlier one
        decided[row.code] = row
    rules = {}
    for code, kind in sorted(kinds.items(), key=lambda pair: pair[1].order):
        values = shipped().get(code, {})
        if code in decided:
            values = {name: getattr(decided[code], name) for name in SETTINGS}
        rules[code] = KindRules(code=code, name=kind.name, **values)
    return rules


def active_rules(prefecture_id: int, year: int) -> dict[str, KindRules]:
    return {code: rules for code, rules in rules_of(prefecture_id, year).items() if rules.is_active}


@transaction.atomic
def decide(code: str, year: int, values: dict[str, Any], *, user: User) -> SessionKind:
    """Stores the settings of the kind from ``year`` on; years before stay as they were."""
    if user.role not in MEMO_OFFICE_ROLES:
        raise PermissionDenied
    prefecture_id = user.acting.organization_id
    if code not in occasion_kinds(prefecture_id):
        raise NotPossible("この種別は登録されていません。一覧から選び直してください。", code="unknown_kind")
    row, _ = SessionKind.objects.update_or_create(
        prefecture_id=prefecture_id, fiscal_year=year, code=code, defaults=values
    )
    return row


@transaction.atomic
def agree(town: Organization, year: int, every: int, note: str, *, user: User) -> AgreedFrequency:
    """How often the town wants its monthly sessions of the year; what was agreed before is replaced."""
    in_reach = Organization.objects.for_user(user).municipalities().filter(pk=town.pk)
    if user.role not in SUPPORTING_ROLES or not in_reach.exists():
        raise PermissionDenied
    # One after the other: of two first agreements at once the second changes the first's.
    Organization.objects.select_for_update(no_key=True).get(pk=town.pk)
    row, _ = AgreedFrequency.objects.update_or_create(
        organization=town, fiscal_year=year, defaults={"every": every, "note": note}
    )
    return row
