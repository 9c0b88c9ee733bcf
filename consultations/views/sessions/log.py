"""Logging a session: one form, prefilled from the plan and from last time; and one text saved as it is typed."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from consultations.domain.actions.lines import lines, open_of
from consultations.domain.materials.snippets import snippets_for
from consultations.domain.sessions import log
from consultations.domain.sessions.kinds import rules_of
from consultations.domain.sessions.people import candidates, guests_of, missing_capacities
from consultations.domain.sessions.texts import LABELS, TEXTS, TypedText, mark
from consultations.forms.sessions import (
    ACTION_ROWS,
    GUEST_ROWS,
    LogForms,
    SessionTextsForm,
    occasion_initial,
    texts_initial,
)
from consultations.models import Action
from consultations.views.sessions.base import SessionPage
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.forms import PortalErrorList
from dxportal.core.ui.pages import ActPage
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.workflow.errors import Overtaken

ROWS = {"guests": GUEST_ROWS, "actions": ACTION_ROWS}


class SessionWriting(SessionPage):
    scope = "editable_by"

    @cached_property
    def names(self) -> list[str]:
        """The texts of the form: a deliverable only for kinds that leave one, the memo only for its readers."""
        year = fiscal_year_of(self.session.occasion.day)
        rules = rules_of(self.session.occasion.prefecture_id, year).get(self.session.kind.code)
        wanted = [
            name for name in TEXTS if name != "deliverable" or (rules and rules.deliverable) or self.session.deliverable
        ]
        return [*wanted, "memo"] if self.memo is not None else wanted

    @property
    def stored(self) -> dict[str, str]:
        stored = log.texts_of(self.session) | ({"memo": self.memo} if self.memo is not None else {})
        return {name: stored[name] for name in self.names}


class SessionLogPage(SessionWriting, ActPage):
    """Whoever saves over a text that somebody else changed sees both and decides; nothing typed is lost."""

    template_name = "consultations/sessions/log.html"
    heading = "相談を記録する"
    button = "保存する"
    here = "記録"
    once = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (added := request.POST.get("add", "")) in ROWS:
            form = self.get_form(request.POST, request.FILES)
            rows = ROWS[added].typed(request.POST, added, blank=1, form_kwargs=self.row_kwargs(added))
            setattr(form, added, rows)
            return self.ask(form)
        return super().post(request, *args, **kwargs)

    @cached_property
    def people(self) -> list[Any]:
        return candidates(self.session, self.user)

    @cached_property
    def towns(self) -> Any:
        return Organization.objects.filter(pk__in=log.towns_of(self.session)).order_by("sort_order", "code", "pk")

    @cached_property
    def open_actions(self) -> list[Any]:
        line = Organization.objects.line_of(log.towns_of(self.session))
        rows = Action.objects.editable_by(self.user).filter(organization__in=line)
        return lines(open_of(rows, timezone.localdate()).select_related("organization"))

    def row_kwargs(self, name: str) -> dict[str, Any]:
        return {"towns": self.towns} if name == "actions" else {}

    def get_form(self, data: Any = None, files: Any = None) -> LogForms:
        kwargs = {
            "names": self.names,
            "people": [(each.key, each.label) for each in self.people],
            "open_actions": [(str(line.action.pk), line.action.title) for line in self.open_actions],
        }
        if data is None:
            texts = SessionTextsForm(initial=self.get_initial(), **kwargs)
            parts = {name: rows.holding([], name, 1, self.row_kwargs(name)) for name, rows in ROWS.items()}
        else:
            texts = SessionTextsForm(data, files, **kwargs)
            parts = {
                name: rows(data, prefix=name, error_class=PortalErrorList, form_kwargs=self.row_kwargs(name))
                for name, rows in ROWS.items()
            }
        return LogForms(texts, **parts)

    def get_initial(self) -> dict[str, Any]:
        occasion = self.session.occasion
        return {
            **occasion_initial(occasion),
            **texts_initial(self.stored),
            "people": [each.key for each in self.people if each.expected],
            "held": occasion.state == "planned" and log.is_due(self.session),
            "revision": occasion.revision,
        }

    def act(self, form: LogForms) -> str:
        cleaned = form.texts.cleaned_data
        results = {int(pk): self.request.POST.get(f"result_{pk}", "")[:2000] for pk in cleaned["ticked"]}
        wanted = log.SessionLog(
            texts=form.texts.texts(),
            memo=form.texts.typed("memo") if "memo" in self.names else None,
            starts_at=cleaned["starts_at"],
            minutes=cleaned["minutes"],
            mode=cleaned["mode"],
            place=cleaned["place"],
            revision=cleaned["revision"] or 0,
            guests=guests_of(cleaned["people"], self.people, form.guests.values()),
            ticked=results,
            new_actions=form.actions.values(),
            held=cleaned["held"],
            files=cleaned["files"],
            next_at=cleaned["next_at"],
        )
        session = log.save(self.session.pk, wanted, user=self.user)
        if session.occasion.took_place and (missing := missing_capacities(session)):
            messages.warning(self.request, f"必須の出席者がまだ登録されていません：{'、'.join(missing)}。")
        if wanted.next_at is None:
            return "相談の記録を保存しました。"
        for sentence in log.conflicts_of(session, wanted.next_at, self.user):
            messages.warning(self.request, f"次回について確かめてください：{sentence}")
        return "相談の記録を保存し、次回の予定を登録しました。"

    def overtaken(self, form: LogForms, refusal: Overtaken) -> HttpResponseBase:
        """What is stored now beside what was typed; saved again, what was typed is stored over what was read here."""
        for name in ("memo", "people"):
            self.__dict__.pop(name, None)
        self.reload()
        data = form.data.copy()
        for name, text in self.stored.items():
            data[f"seen_{name}"] = mark(text)
        data["revision"] = str(self.session.occasion.revision)
        form = self.get_form(data, form.files)
        form.add_error(None, refusal)
        both = refusal.current if isinstance(refusal.current, tuple) else ()
        return self.ask(form, status=CONFLICT, overtaken=refusal, both=both)

    def get_success_url(self) -> str:
        return reverse("consultations:session", args=[self.session.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = log.last_before(self.session, self.user)
        context = {
            # With what was typed: a form that comes back has lost nothing.
            "homework": [(line, kwargs["form"].data.get(f"result_{line.action.pk}", "")) for line in self.open_actions],
            "before": before,
            "texts": [kwargs["form"].texts[name] for name in self.names],
            "labels": LABELS,
            "snippets": snippets_for(self.user),
            "attachments": self.session.attachments.all(),
        }
        return super().get_context_data(**(context | kwargs))


class SessionTextSave(SessionWriting, View):
    """One text of the form, for the page's script: 200 saved, 409 both texts, 422 not to be stored."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        name = self.kwargs["name"]
        if name not in self.names:
            raise PermissionDenied
        typed = TypedText(clean(request.POST.get(name, "")), request.POST.get(f"r:{name}", ""))
        try:
            stored = log.save_text(self.session.pk, name, typed, user=self.user)
        except Overtaken as refusal:
            conflict = refusal.current[0]
            theirs = {
                "revision": mark(conflict.stored),
                "fields": [[name, conflict.stored]],
                "note": "",
                "by": "",
                "at": "",
            }
            return JsonResponse({"message": refusal.messages[0], "theirs": theirs}, status=CONFLICT)
        except ValidationError as refusal:
            return JsonResponse({"error": "unfit", "message": " ".join(refusal.messages)}, status=422)
        at = timezone.localtime()
        return JsonResponse({"message": f"{at:%H:%M}に保存しました", "saved": {"revision": mark(stored)}})


def clean(text: str) -> str:
    """As the form's field stores it: ends trimmed, line ends unified."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
