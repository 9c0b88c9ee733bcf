import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from casestudies.enums import CASE_TONES, Audience, Basis, CaseMove, CaseState
from casestudies.querysets import CaseQuerySet
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.workflow.models import MoveLog

source_id_format = RegexValidator(r"^[0-9a-z]+(-[0-9a-z]+)+$", "事例番号は英小文字・数字とハイフンで入力してください。")


class CaseDocument(models.Model):
    """A published document that cases come from."""

    code = models.CharField("コード", max_length=10, unique=True)
    title = models.CharField("資料名", max_length=200)
    publisher = models.CharField("発行者", max_length=200)
    published_on = models.DateField("発行日", null=True, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    population_date = models.DateField("人口の時点", null=True, blank=True)
    note = models.TextField("備考", blank=True, default="")

    class Meta:
        verbose_name = "出典資料"
        ordering = ("code",)

    def __str__(self):
        return self.title


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["revision", "created_at", "updated_at"],
    model_name="CaseEvent",
)
class Case(models.Model):
    """What an organisation did, why, at what cost and with what result.

    Library cases have a ``document`` and no ``prefecture``; contributed ones belong to the organisation that wrote
    them. Content changes only through ``casestudies.domain``, which writes the search index in the same transaction;
    ``revision`` counts changes of content (database triggers raise it) and refuses stale writes.
    """

    source_id = models.CharField("事例番号", max_length=40, unique=True, validators=[source_id_format])
    document = models.ForeignKey(
        CaseDocument, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="出典資料"
    )
    page = models.PositiveSmallIntegerField("ページ", null=True, blank=True)
    place = models.CharField("掲載箇所", max_length=100, blank=True, default="")
    title = models.CharField("題名", max_length=120)
    state = models.CharField("状態", max_length=10, choices=CaseState, default=CaseState.DRAFT)
    audience = models.CharField("公開範囲", max_length=10, choices=Audience, default=Audience.PREFECTURE)
    prefecture = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="都道府県"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributed_cases",
        verbose_name="登録した団体",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="登録者"
    )
    field = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="cases_of_field", verbose_name="取組の区分"
    )
    areas = models.ManyToManyField(Area, blank=True, related_name="cases", verbose_name="分野")
    terms = models.ManyToManyField(Term, blank=True, related_name="cases", verbose_name="アウトカム・マインドセット")
    step = models.PositiveSmallIntegerField(
        "ステップ", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(3)]
    )
    step_basis = models.CharField("ステップの根拠", max_length=12, choices=Basis, default=Basis.PRINTED)
    tags = ArrayField(models.CharField(max_length=40), verbose_name="タグ", blank=True, default=list)
    keywords = ArrayField(models.CharField(max_length=60), verbose_name="検索のことば", blank=True, default=list)
    summary = models.TextField("要約")
    issue = models.TextField("課題", blank=True, default="")
    approach = models.TextField("進め方", blank=True, default="")
    actions = models.TextField("取組の内容", blank=True, default="")
    outcome = models.TextField("成果", blank=True, default="")
    points = models.TextField("ポイント", blank=True, default="")
    cost_text = models.TextField("費用の説明", blank=True, default="")
    period = models.CharField("時期", max_length=200, blank=True, default="")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    notes = models.TextField("備考", blank=True, default="")
    revision = models.PositiveIntegerField("版", default=1, editable=False)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "事例"
        ordering = ("source_id",)
        constraints = [
            models.CheckConstraint(condition=Q(step__isnull=True) | Q(step__lte=3), name="case_step_0_to_3"),
            models.CheckConstraint(
                condition=Q(prefecture__isnull=False) | Q(audience="everyone"), name="case_prefecture_audience_has_one"
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=True) | Q(prefecture__isnull=False),
                name="case_of_an_organization_has_prefecture",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="case_published_has_time"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def tone(self) -> str:
        return CASE_TONES[CaseState(self.state)]


class CaseTransition(MoveLog):
    """One move of a case, with what was said and the content that it was about (``domain.content``)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="transitions", verbose_name="事例")
    move = models.CharField("操作", max_length=10, choices=CaseMove)
    from_state = models.CharField("前の状態", max_length=10, choices=CaseState)
    to_state = models.CharField("後の状態", max_length=10, choices=CaseState)
    audience = models.CharField("公開範囲", max_length=10, choices=Audience, blank=True, default="")
    content = models.JSONField("そのときの内容", blank=True, default=dict)

    class Meta:
        verbose_name = "事例の経過"
        ordering = ("-at", "-pk")

    def __str__(self):
        return f"{self.case_id} {self.move}"
