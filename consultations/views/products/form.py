"""One row of the register: its page, writing it, deleting it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.generic import TemplateView

from consultations.domain.products import write
from consultations.domain.products.history import history
from consultations.enums import ACTING_ROLES
from consultations.forms.products import ProductForm, initial_of
from consultations.models import ProductContract
from consultations.views.products.base import TOP, ProductPage
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs


class ProductDetail(ProductPage, TemplateView):
    template_name = "consultations/products/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "may_edit": ProductContract.objects.editable_by(self.user).filter(pk=self.contract.pk).exists(),
            # Who changed what is the town's own affair, and holds what it hides from others.
            "entries": history(self.contract) if self.line.own else [],
        }
        return super().get_context_data(**(context | kwargs))


class ProductCreate(ActPage):
    """The town of the address, or the only one in reach, is chosen already."""

    once = True
    roles = ACTING_ROLES
    form_class = ProductForm
    template_name = "consultations/products/form.html"
    heading = "製品・契約を登録する"
    button = "登録する"
    saved: ProductContract

    def enter(self) -> None:
        super().enter()
        self.towns = write.towns_for(self.user)
        if not self.towns.exists():
            raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": self.towns}

    def get_initial(self) -> dict[str, Any]:
        first = list(self.towns[:2])
        only = first[0].pk if len(first) == 1 else None
        return {"organization": self.request.GET.get("organization") or only}

    def act(self, form: ProductForm) -> str:
        self.saved = write.create(form.cleaned_data["organization"].pk, form.facts(), user=self.user)
        return f"「{self.saved}」を登録しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:product", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("consultations:products")

    def crumbs(self) -> Crumbs:
        return crumbs(*TOP, "新しい製品・契約")


class ProductEdit(ProductPage, ActPage):
    """A stale save shows what is stored beside what was typed."""

    scope = "editable_by"
    form_class = ProductForm
    template_name = "consultations/products/form.html"
    heading = "製品・契約を変更する"
    button = "保存する"
    here = "変更"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": None}

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.contract)

    def act(self, form: ProductForm) -> str:
        revision = form.cleaned_data.get("revision") or 0
        contract = write.change(self.contract.pk, form.facts(), user=self.user, revision=revision)
        return f"「{contract}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:product", args=[self.contract.pk])


class ProductDelete(ProductPage, ActPage):
    scope = "editable_by"
    template_name = "consultations/products/delete.html"
    heading = here = "製品・契約を削除する"
    button = "削除する"
    danger = True

    def act(self, form: None) -> str:
        return f"「{write.delete(self.contract.pk, user=self.user)}」を削除しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:products")

    def get_back_url(self) -> str:
        return reverse("consultations:product", args=[self.contract.pk])
