"""The year's report as blocks of text: outputs out of the plan, results, voices; as a page and as a file."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.people.enums import OFFICE_ROLES
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs
from dxportal.portal.domain.plan.reading import plan_table
from dxportal.portal.domain.report import results, voices
from dxportal.portal.domain.report.content import TextBlock, blocks, by_subject
from dxportal.portal.forms.plan import PlanAddress
from dxportal.portal.forms.report import ResultForm
from dxportal.portal.models import PlanItem, ReportResult
from dxportal.portal.views.plan.base import day_in, years_of

TITLE = "報告書の文章"
TOP = (TITLE, "portal:report")
HEADER = ("区分", "見出し", "文章")


class ReportPage(ListPage):
    """Outputs are counted as of the day of the address; whatever is read here may be copied into a report."""

    model = ReportResult
    scope = "for_user"
    address_class = PlanAddress
    per_page = None
    heading = TITLE
    template_name = "portal/report/page.html"

    def enter(self) -> None:
        super().enter()
        if self.user.acting.organization.kind != OrganizationKind.PREFECTURE:
            raise PermissionDenied
        self.years = years_of(self.user)

    def get_address_kwargs(self) -> dict[str, Any]:
        return {"years": self.years}

    @cached_property
    def year(self) -> int:
        return int(self.filters.year) if self.filters.year else self.years[0]

    def filtered(self, rows: Any) -> Any:
        return rows.filter(fiscal_year=self.year)

    def ordered(self, rows: Any) -> Any:
        return rows.order_by("order", "pk")

    @cached_property
    def day(self) -> Any:
        return day_in(self.year, self.filters.day, timezone.localdate())

    def blocks_of(self, rows: Any) -> list[TextBlock]:
        items = PlanItem.objects.for_user(self.user).filter(fiscal_year=self.year).order_by("order", "pk")
        table = plan_table(items, self.year, self.day)
        subjects = by_subject(voices.voices_of(self.user, self.year, named=False))
        return blocks(table.rows, [results.text_of(row) for row in rows], subjects)

    def crumbs(self) -> Crumbs:
        return crumbs(("計画と実績", "portal:plan"), TITLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts: dict[str, list[TextBlock]] = {}
        for block in self.blocks_of(kwargs["rows"]):
            parts.setdefault(block.part, []).append(block)
        context = {
            "parts": list(parts.items()),
            "year": self.year,
            "day": self.day,
            "may_edit": self.user.role in OFFICE_ROLES,
        }
        return super().get_context_data(**(context | kwargs))

    def file_name(self) -> str:
        return f"{TITLE}_{self.year}年度_{self.day:%Y%m%d}時点"

    def sheets(self, rows: Any) -> list[Sheet]:
        lines = [(block.part, block.title, block.text) for block in self.blocks_of(rows)]
        notes = [("時点", f"計画の実績は{self.day:%Y-%m-%d}まで（この日を含む）"), ("声", "団体の名前は載せていません")]
        return [Sheet(TITLE, HEADER, lines, notes)]


class ResultAct(ActPage):
    form_class = ResultForm
    button = "保存する"
    roles = OFFICE_ROLES
    user: Any

    def get_success_url(self) -> str:
        return reverse("portal:report")

    def crumbs(self) -> Crumbs:
        return crumbs(("計画と実績", "portal:plan"), TOP, self.heading)


class ResultAdd(ResultAct):
    heading = "成果を加える"
    once = True

    def act(self, form: ResultForm) -> str:
        row = results.add(years_of(self.user)[0], form.text(), user=self.user)
        return f"成果「{row.title}」を加えました。"


class ResultObject(ScopedObject):
    model = ReportResult
    scope = "editable_by"
    name = "result"


class ResultEdit(ResultObject, ResultAct):
    heading = "成果を直す"
    template_name = "portal/report/result.html"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.result, name) for name in ("title", "output", "outcome", "revision")}

    def act(self, form: ResultForm) -> str:
        row = results.change(self.result.pk, form.text(), revision=form.cleaned_data["revision"] or 0, user=self.user)
        return f"成果「{row.title}」を保存しました。"


class ResultDelete(ResultObject, ResultAct):
    form_class = None
    heading = button = "成果を削除する"
    danger = True
    template_name = "portal/report/result_delete.html"

    def act(self, form: None) -> str:
        results.delete(self.result.pk, user=self.user)
        return f"成果「{self.result.title}」を削除しました。"
