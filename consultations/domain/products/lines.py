"""A row as a person may read it: the other towns' rows only so far as their owner allows. Pages and files read no
other form of a row."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from consultations.enums import ProductSharing
from consultations.models import ProductContract
from dxportal.core.organizations.domain.chains import mark_ended

NAMELESS = "県内の市町村"


@dataclass(frozen=True, slots=True)
class ProductLine:
    """``town``: its name, or that it is not told. ``cost`` None: not entered, or not shown (``cost_hidden``).

    ``sharing`` and ``note`` are "" on the rows of others.
    """

    pk: int
    own: bool
    town: str
    task: str
    product: str
    vendor: str
    contract_end: dt.date | None
    cost: int | None
    cost_hidden: bool
    manual_shareable: bool
    may_be_asked: bool
    sharing: str = ""
    cost_shared: bool = False
    note: str = ""
    ended: bool = False

    @property
    def sharing_label(self) -> str:
        return ProductSharing(self.sharing).label if self.sharing else ""


def line(contract: ProductContract, today: dt.date) -> ProductLine:
    """``contract`` out of ``ProductContract.objects.for_user``, which says whether it is in reach."""
    own = contract.in_reach  # type: ignore[attr-defined]
    named = own or contract.sharing == ProductSharing.NAMED
    priced = own or contract.cost_shared
    return ProductLine(
        pk=contract.pk,
        own=own,
        town=contract.organization.marked if named else NAMELESS,
        task=contract.task,
        product=contract.product,
        vendor=contract.vendor,
        contract_end=contract.contract_end,
        cost=contract.yearly_cost if priced else None,
        cost_hidden=not priced,
        manual_shareable=contract.manual_shareable,
        may_be_asked=contract.may_be_asked,
        sharing=contract.sharing if own else "",
        cost_shared=contract.cost_shared if own else False,
        note=contract.note if own else "",
        ended=contract.contract_end is not None and contract.contract_end < today,
    )


def lines(contracts: Iterable[ProductContract], today: dt.date) -> list[ProductLine]:
    contracts = list(contracts)
    mark_ended(contract.organization for contract in contracts)
    return [line(contract, today) for contract in contracts]
