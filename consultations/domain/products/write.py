"""Writing a row of the register: create, change, delete."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consultations.enums import ACTING_ROLES, ProductSharing
from consultations.models import ProductContract
from dxportal.core.accounts.models import User
from dxportal.core.organizations.models import Organization
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import locked

SAME = "同じ業務・製品・事業者の行がもうあります。その行を変更してください。"
CHANGED = "この行は、入力中にほかの人が変更しました。"


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What a row says, its municipality aside. ``yearly_cost`` in yen."""

    task: str
    product: str
    vendor: str = ""
    contract_end: dt.date | None = None
    yearly_cost: int | None = None
    manual_shareable: bool = False
    may_be_asked: bool = False
    sharing: str = ProductSharing.NONE
    cost_shared: bool = False
    note: str = ""


def facts_of(contract: ProductContract) -> ProductFacts:
    return ProductFacts(**{name: getattr(contract, name) for name in ProductFacts.__slots__})


def towns_for(user: User) -> QuerySet[Organization]:
    """For which municipalities the person may enter products: those in reach; of people who only read, none."""
    towns = Organization.objects.for_user(user).municipalities().living(timezone.localdate())
    return towns.order_by("sort_order", "code", "pk") if user.role in ACTING_ROLES else towns.none()


def create(organization_id: int, facts: ProductFacts, *, user: User) -> ProductContract:
    if not towns_for(user).filter(pk=organization_id).exists():
        raise PermissionDenied
    with transaction.atomic():
        # Rows of a town are entered one after the other, so that two at once see each other's.
        Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
        require_new(organization_id, facts)
        values = {name: getattr(facts, name) for name in ProductFacts.__slots__}
        return ProductContract.objects.create(organization_id=organization_id, created_by=user, **values)


def change(pk: int, facts: ProductFacts, *, user: User, revision: int) -> ProductContract:
    """Stores what somebody wrote who saw ``revision``; the same again changes nothing. PermissionDenied, NotPossible,
    Overtaken (with the row) where it says something else by now."""
    with transaction.atomic():
        contract = locked(ProductContract.objects.editable_by(user), pk, "organization")
        if facts_of(contract) == facts:
            return contract
        if contract.revision != revision:
            raise Overtaken(CHANGED, contract)
        Organization.objects.select_for_update(no_key=True).get(pk=contract.organization_id)
        require_new(contract.organization_id, facts, besides=pk)
        for name in ProductFacts.__slots__:
            setattr(contract, name, getattr(facts, name))
        contract.revision += 1
        contract.save()
        return contract


def delete(pk: int, *, user: User) -> str:
    """What was deleted, in words. Who deleted it, the history keeps."""
    with transaction.atomic():
        contract = locked(ProductContract.objects.editable_by(user), pk)
        name = str(contract)
        contract.delete()
        return name


def require_new(organization_id: int, facts: ProductFacts, besides: int = 0) -> None:
    same = ProductContract.objects.filter(
        organization=organization_id, task=facts.task, product=facts.product, vendor=facts.vendor
    )
    if same.exclude(pk=besides).exists():
        raise NotPossible({"product": SAME}, code="same")
