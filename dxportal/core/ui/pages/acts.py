"""A page that asks, and acts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.pages.crumbs import Crumbs
from dxportal.core.ui.pages.scope import ForRoles
from dxportal.core.workflow.errors import Overtaken

CONFLICT = 409


class ReasonForm(PortalForm):
    """The reason for a move, where nothing else is asked. Whether it is needed, the table of the moves knows."""

    reason = JpCharField(label="理由", required=False, limit=2000, widget=forms.Textarea)


def take(form: forms.BaseForm, error: ValidationError) -> None:
    """Puts a refusal on the fields that it names (a moment "x" on its "x_day"), or on the form as a whole."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        shown = next((field for field in (name, f"{name}_day") if field in form.fields), None)
        form.add_error(shown, errors)


class ActPage(ForRoles, TemplateResponseMixin, ContextMixin, View):
    """GET asks, POST acts and leads on with a sentence; refused, the page asks again with what was typed.

    ::

        class SurveyClose(SurveyPage, ActPage):                       # SurveyPage: a ScopedObject named "survey"
            template_name = "assessments/surveys/close.html"
            form_class = ReasonForm

            def act(self, form):
                surveys.close(self.survey.pk, reason=form.cleaned_data["reason"], user=self.request.user)
                return "調査を締め切りました。"

            def get_success_url(self):
                return reverse("assessments:survey_detail", args=[self.survey.pk])

    - ``form_class`` None: nothing but a confirmation. A refusal is then told on the page of ``get_back_url``.
    - ``not_now()``: why the act makes no sense at present ("" where it does); the page says so instead of asking. The
      act itself is refused by the domain, which sees the locked row.
    - NotPossible comes back on the form: on its fields where the refusal names some.
    - Overtaken: the page again (409) with ``current`` (what is stored now) and ``overtaken`` beside what was typed; the
      field ``revision_field`` then holds the revision of now, so that whoever reads both may go on.
    - ``post_only``: a button on another page. Mixed with that page (``class Submit(ConfirmPage, ActPage)``), a refusal
      is drawn there, with the form under its name there (``form_name``).

    - ``once``: the act makes something, and a form that was sent twice must make it once (``accounts.once``).

    ``templates/ui/act.html`` is the page for acts that need none of their own, and the base of those that do.
    """

    template_name = "ui/act.html"
    heading = ""
    button = "実行する"
    danger = False
    form_class: type[forms.BaseForm] | None = None
    form_name = "form"
    revision_field = "revision"
    invalid_status = 200
    post_only = False
    once = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.post_only:
            return self.http_method_not_allowed(request)
        return self.ask(self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.get_form(request.POST, request.FILES)
        if form is not None and not form.is_valid():
            return self.ask(form, status=self.invalid_status)
        try:
            result = self.act(form)
        except Overtaken as refusal:
            return self.overtaken(form, refusal)
        except ValidationError as refusal:
            return self.refused(form, refusal)
        if isinstance(result, HttpResponseBase):
            return result
        if result:
            messages.success(request, result)
        return redirect(self.get_success_url())

    def act(self, form: Any) -> str | HttpResponseBase | None:
        """Does it: one call of the domain. The sentence for the next page, or an answer of one's own."""
        raise NotImplementedError

    def not_now(self) -> str:
        return ""

    # --- the form

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form needs to know besides what was typed."""
        return {}

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        if self.form_class is None:
            return None
        if data is None:
            return self.form_class(initial=self.get_initial(), **self.get_form_kwargs())
        return self.form_class(data, files, **self.get_form_kwargs())

    # --- refusals

    def refused(self, form: Any, refusal: ValidationError) -> HttpResponseBase:
        if form is None:
            messages.error(self.request, " ".join(refusal.messages))
            return redirect(self.get_back_url())
        take(form, refusal)
        self.renew()
        return self.ask(form)

    def overtaken(self, form: Any, refusal: Overtaken) -> HttpResponseBase:
        if form is None:
            return self.refused(form, refusal)
        self.renew()
        if self.revision_field in form.fields:
            data = form.data.copy()
            data[form.add_prefix(self.revision_field)] = str(self.revision_of(refusal.current))
            form = self.get_form(data, form.files)
        take(form, refusal)
        return self.ask(form, status=CONFLICT, overtaken=refusal, current=refusal.current)

    def revision_of(self, current: Any) -> Any:
        """What the form must say to be saved over ``current`` (None: it is gone)."""
        return getattr(current, self.revision_field, 0)

    def renew(self) -> None:
        """The object as it is now, for the page that is drawn after a refusal."""
        if reload := getattr(self, "reload", None):
            reload()

    # --- the page

    def ask(self, form: Any, status: int = 200, **values: Any) -> HttpResponse:
        forms_ = {self.form_name: form, "form": form} if form is not None else {}
        return self.render_to_response(self.get_context_data(**(forms_ | values)), status=status)

    def get_success_url(self) -> str:
        raise ImproperlyConfigured(f"{type(self).__name__} must say where to go next (get_success_url).")

    def get_back_url(self) -> str:
        """Where 「やめる」 leads, and a refusal that has no form."""
        return self.get_success_url()

    def crumbs(self) -> Crumbs:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values = {"heading": self.heading, "button": self.button, "danger": self.danger, "crumbs": self.crumbs()}
        if not self.post_only:
            values |= {"not_now": self.not_now(), "back_url": self.get_back_url()}
        return super().get_context_data(**(values | kwargs))
