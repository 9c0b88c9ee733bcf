from django.db import models
from django.db.models import F, Q

from assessments.enums import QUESTION_KINDS, QuestionnaireStatus, SectionKind
from assessments.querysets import QuestionnaireQuerySet


class Questionnaire(models.Model):
    """One version of an instrument. A published version never changes; ``digest`` (SHA-256) is its content's."""

    code = models.SlugField("コード")
    version = models.CharField("版", max_length=20)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=200)
    status = models.CharField("状態", max_length=10, choices=QuestionnaireStatus, default=QuestionnaireStatus.DRAFT)
    digest = models.CharField("内容のダイジェスト", max_length=64)
    contradictions = models.JSONField("矛盾の規則", default=list, blank=True)
    source_note = models.TextField("出典・注記", blank=True, default="")

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "調査票"
        ordering = ("-fiscal_year", "code", "-version")
        constraints = [models.UniqueConstraint(fields=("code", "version"), name="questionnaire_version_once")]

    def __str__(self):
        return f"{self.title}（{self.version}）"


class Section(models.Model):
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="sections")
    code = models.SlugField("コード")
    kind = models.CharField("種別", max_length=10, choices=SectionKind)
    step = models.PositiveSmallIntegerField("ステップ", null=True, blank=True)
    title = models.CharField("名称", max_length=100)
    description = models.TextField("説明", blank=True, default="")
    worth = models.PositiveSmallIntegerField("配点", default=0)
    position = models.PositiveSmallIntegerField("順序")

    class Meta:
        verbose_name = "区分"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("questionnaire", "code"), name="section_code_once"),
            models.CheckConstraint(condition=Q(kind="step") ^ Q(step__isnull=True), name="section_step_only_for_steps"),
        ]

    def __str__(self):
        return self.title


class Question(models.Model):
    """A question. ``key`` is stable across versions, so years compare; ``condition`` is the nested all/any tree."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="questions")
    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    code = models.CharField("問番号", max_length=10)
    key = models.SlugField("キー")
    kind = models.CharField("形式", max_length=10, choices=QUESTION_KINDS)
    wording = models.TextField("設問文")
    short = models.CharField("短い題名", max_length=60)
    help = models.TextField("説明", blank=True, default="")
    required = models.BooleanField("必須", default=True)
    area = models.ForeignKey("taxonomy.Area", models.PROTECT, null=True, blank=True, related_name="questions")
    condition = models.JSONField("表示条件", null=True, blank=True)
    unit = models.CharField("単位", max_length=10, blank=True, default="")
    minimum = models.DecimalField("最小", max_digits=14, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField("最大", max_digits=14, decimal_places=2, null=True, blank=True)
    bands = models.JSONField("点の区切り", default=list, blank=True)
    weights = models.JSONField("順位の重み", default=list, blank=True)
    max_points = models.PositiveSmallIntegerField("満点", default=0)
    position = models.PositiveSmallIntegerField("順序")

    class Meta:
        verbose_name = "設問"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("questionnaire", "code"), name="question_code_once"),
            models.UniqueConstraint(fields=("questionnaire", "key"), name="question_key_once"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lte=F("maximum")),
                name="question_range_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.short}"


class Choice(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    code = models.CharField("コード", max_length=20)
    label = models.CharField("選択肢", max_length=200)
    points = models.PositiveSmallIntegerField("点", null=True, blank=True)
    exclusive = models.BooleanField("単独でのみ選べる", default=False)
    position = models.PositiveSmallIntegerField("順序")

    class Meta:
        verbose_name = "選択肢"
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=("question", "code"), name="choice_code_once")]

    def __str__(self):
        return self.label


class MatrixRow(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, related_name="matrix_rows")
    code = models.CharField("コード", max_length=20)
    label = models.CharField("行", max_length=100)
    position = models.PositiveSmallIntegerField("順序")

    class Meta:
        verbose_name = "表の行"
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=("question", "code"), name="matrix_row_code_once")]

    def __str__(self):
        return self.label
