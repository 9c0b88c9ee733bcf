"""A list: what the address asks for, in order, a page at a time, or as a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from dxportal.core.intake.export import FILE_FORMATS, Sheet, file_response
from dxportal.core.ui.pages.address import AddressForm
from dxportal.core.ui.pages.crumbs import Crumbs
from dxportal.core.ui.pages.scope import SCOPES, ForRoles, ScopedObject


class ListPage(ForRoles, TemplateResponseMixin, ContextMixin, View):
    """Rows in the person's scope, filtered by the address, sorted, a page at a time; as a file with ``?format=``.

    ::

        class JobList(ListPage):
            model = Job
            scope = "for_user"
            address_class = JobFilter
            sorts = {"label": "label", "at": "created_at"}

            def filtered(self, rows):
                return rows.filter(state=self.filters.state) if self.filters.state else rows

    Steps, each to be replaced: ``all_rows`` (in reach) → ``filtered`` → ``ordered``. A list about an object
    (``class Progress(ScopedObject, ListPage)``) says itself what its rows are (``all_rows``); they may be a list.
    A file: ``sheets(rows)`` gives its pages, ``file_name`` its name; ``file_only`` where the address is the file's own.

    The page has ``rows`` and ``page``, ``form`` (the filter) and ``filters`` (its values), ``query`` (the address
    without the page), ``found`` (how many), ``narrowed`` (whether an empty list is one of too many conditions).
    """

    model: Any = None
    scope: str = ""
    related: tuple[str, ...] = ()
    address_class: type[AddressForm] = AddressForm
    sorts: Mapping[str, str] = {}
    default_sort = ""
    per_page: int | None = 50
    heading = ""
    file_only = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.ordered(self.filtered(self.all_rows()))
        wanted = request.GET.get("format", "")
        if self.file_only or (wanted in FILE_FORMATS and self.has_file):
            return file_response(self.file_name(), self.sheets(rows), wanted)
        page = self.paged(rows)
        return self.render_to_response(self.get_context_data(page=page, rows=page.object_list))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.address = self.get_address()
        self.filters = self.address.values

    def get_address(self) -> AddressForm:
        form = self.address_class(self.request.GET, **self.get_address_kwargs())
        if self.sorts:
            form.sorts = self.sorts
            form.default_sort = self.default_sort
        return form

    def get_address_kwargs(self) -> dict[str, Any]:
        """What the filter needs to know, such as the organisations to choose from."""
        return {}

    # --- the rows

    def all_rows(self) -> Any:
        """Everything in reach, whatever the address asks for."""
        if isinstance(self, ScopedObject) or self.scope not in SCOPES:
            raise ImproperlyConfigured(f"{type(self).__name__} must say what its rows are: scope, or all_rows().")
        rows = getattr(self.model.objects, self.scope)(self.user)
        return self.queryset(rows.select_related(*self.related) if self.related else rows)

    def queryset(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows in scope, narrowed or annotated as the page needs."""
        return rows

    def filtered(self, rows: Any) -> Any:
        """Those that ``self.filters`` asks for."""
        return rows

    def ordered(self, rows: Any) -> Any:
        """By the column asked for, of ``sorts``; ``pk`` ends the order so that pages never overlap."""
        field = self.filters.sort.removeprefix("-")
        if not field:
            return rows
        turned = "-" if self.filters.sort.startswith("-") else ""
        return rows.order_by(f"{turned}{self.sorts.get(field, field)}", "pk")

    def paged(self, rows: Any) -> Page[Any]:
        """The page asked for; a number beyond the end gives the last one."""
        size = self.page_size(rows)
        if size is None:  # read at once: nothing needs counting
            rows = list(rows)
        return Paginator(rows, size or max(1, len(rows))).get_page(self.address.page)

    def page_size(self, rows: Any) -> int | None:
        """None: all rows on one page."""
        return self.per_page

    # --- the file

    @property
    def has_file(self) -> bool:
        return type(self).sheets is not ListPage.sheets

    def sheets(self, rows: Any) -> Sequence[Sheet]:
        """The pages of the workbook; a CSV file holds the first."""
        raise NotImplementedError

    def file_name(self) -> str:
        """Without its ending."""
        return self.heading

    # --- the page

    def crumbs(self) -> Crumbs:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            "heading": self.heading,
            "crumbs": self.crumbs(),
            "form": self.address,
            "filters": self.filters,
            "query": self.address.query(),
            "narrowed": self.address.narrows,
        }
        if "page" in kwargs:
            values["found"] = kwargs["page"].paginator.count
        return super().get_context_data(**(values | kwargs))
