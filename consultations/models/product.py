import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from consultations.enums import PRODUCT_TONES, ProductSharing
from consultations.querysets import ProductQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision", "created_at", "updated_at"],
    model_name="ProductContractEvent",
)
class ProductContract(models.Model):
    """A product that a municipality uses for a piece of work, with its contract.

    ``contract_end``: the last day of the contract. ``yearly_cost`` in yen with tax. ``sharing`` and ``cost_shared`` are
    the owner's word on what the other towns read; ``note`` they never read. Changes only through
    ``consultations.domain.products``; ``revision`` refuses stale writes.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="product_contracts", verbose_name="団体"
    )
    task = models.CharField("業務", max_length=100)
    product = models.CharField("製品・サービス", max_length=100)
    vendor = models.CharField("事業者", max_length=100, blank=True, default="")
    contract_end = models.DateField("契約の終わる日", null=True, blank=True)
    yearly_cost = models.BigIntegerField("年額", null=True, blank=True, validators=[MinValueValidator(0)])
    manual_shareable = models.BooleanField("マニュアルを渡せる", default=False)
    may_be_asked = models.BooleanField("質問に応じる", default=False)
    sharing = models.CharField(
        "ほかの市町村に見せる範囲", max_length=10, choices=ProductSharing, default=ProductSharing.NONE
    )
    cost_shared = models.BooleanField("年額も見せる", default=False)
    note = models.TextField("備考", blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登録者"
    )
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = "製品・契約"
        ordering = ("contract_end", "pk")
        indexes = [models.Index(fields=("organization", "contract_end"), name="product_contract_of_town")]
        constraints = [
            models.UniqueConstraint(
                fields=("organization", "task", "product", "vendor"), name="product_contract_once_a_town"
            ),
            models.CheckConstraint(
                condition=Q(yearly_cost__isnull=True) | Q(yearly_cost__gte=0), name="product_cost_from_0"
            ),
        ]

    def __str__(self):
        return f"{self.product}（{self.task}）"

    @property
    def tone(self) -> str:
        return PRODUCT_TONES[ProductSharing(self.sharing)]
