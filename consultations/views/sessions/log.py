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
from consultations.domain.sessions.texts import LABELS, TEXTS
from consultations.domain.topics import log as topic_log
from consultations.domain.topics import write as topic_write
from consultations.forms.log_topics import TOPIC_ROWS, initial_row
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
from dxportal.core.taxonomy.models import Area
from dxportal.core.ui.forms import PortalErrorList
from dxportal.core.ui.pages import ActPage
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.workflow.errors import Overtaken
from dxportal.core.workflow.texts import TypedText, mark

ROWS = {"topics": TOPIC_ROWS, "guests": GUEST_ROWS, "actions": ACTION_ROWS}
FIRST_TOPICS = 3  # rows to begin with: as many as a usual session has


class SessionWriting(SessionPage):
    scope = "editable_by"

    @cached_property
    def town_keys(self) -> list[int]:
        return log.towns_of(self.session)

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
        return Organization.objects.filter(pk__in=self.town_keys).order_by("sort_order", "code", "pk")

    @cached_property
    def open_actions(self) -> list[Any]:
        line = Organization.objects.line_of(self.town_keys)
        rows = Action.objects.editable_by(self.user).filter(organization__in=line)
        return lines(open_of(rows, timezone.localdate()).select_related("organization"))

    @cached_property
    def areas(self) -> list[tuple[int, str]]:
        return list(Area.objects.values_list("pk", "name"))

    @cached_property
    def topics(self) -> list[Any]:
        return topic_log.of_session(self.session, self.user)

    @cached_property
    def topic_towns(self) -> Any:
        """The session's towns for which the person may write."""
        return topic_write.towns_for(self.user).filter(pk__in=self.town_keys)

    def row_kwargs(self, name: str) -> dict[str, Any]:
        if name == "topics":
            kept = {topic_log.key_of(topic) for topic in self.topics}
            start = topic_log.row_keys(self.topics, self.user)
            return {"towns": self.topic_towns, "areas": self.areas, "kept": kept, "start": start}
        return {"towns": self.towns} if name == "actions" else {}

    def drawn(self, name: str) -> Any:
        """The rows as the form begins."""
        stored = [initial_row(topic) for topic in self.topics] if name == "topics" else []
        blank = max(1, FIRST_TOPICS - len(stored)) if name == "topics" else 1
        return ROWS[name].holding(stored, name, blank, self.row_kwargs(name))

    def get_form(self, data: Any = None, files: Any = None) -> LogForms:
        kwargs = {
            "names": self.names,
            "people": [(each.key, each.label) for each in self.people],
            "open_actions": [(str(line.action.pk), line.action.title) for line in self.open_actions],
        }
        if data is None:
            return LogForms(
                SessionTextsForm(initial=self.get_initial(), **kwargs), **{name: self.drawn(name) for name in ROWS}
            )
        if "topics-TOTAL_FORMS" not in data:  # a page that was drawn before there were topics in it
            data = data.copy()
            data.update({"topics-TOTAL_FORMS": "0", "topics-INITIAL_FORMS": "0"})
        parts = {
            name: rows(data, prefix=name, error_class=PortalErrorList, form_kwargs=self.row_kwargs(name))
            for name, rows in ROWS.items()
        }
        return LogForms(SessionTextsForm(data, files, **kwargs), **parts)

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
            topics=form.topics.rows(),
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
        for name in ("memo", "people", "topics"):
            self.__dict__.pop(name, None)
        self.reload()
        data = form.data.copy()
        for name, text in self.stored.items():
            data[f"seen_{name}"] = mark(text)
        for name, text in self.seen_topics(form).items():
            data[name] = mark(text)
        data["revision"] = str(self.session.occasion.revision)
        form = self.get_form(data, form.files)
        form.add_error(None, refusal)
        both = refusal.current if isinstance(refusal.current, tuple) else ()
        return self.ask(form, status=CONFLICT, overtaken=refusal, both=both)

    def seen_topics(self, form: LogForms) -> dict[str, str]:
        """Of each row the texts as they are stored now, by the name of the field that says what was seen."""
        now = {topic_log.key_of(topic): topic_log.texts_of(topic) for topic in self.topics}
        rows = [row for row in form.topics.forms if row["key"].value() in now]
        return {row.add_prefix(f"seen_{name}"): text for row in rows for name, text in now[row["key"].value()].items()}

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
    """One text of the form, for the page's script: 200 saved, 409 both texts, 422 not to be stored.

    ``name``: a text of the session, or "topic-<key of the row>-<text>", which comes as ``text`` with its ``organization``.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        name = self.kwargs["name"]
        topic = topic_log.NAME_IN_FORM.fullmatch(name)
        if name not in self.names and not topic:
            raise PermissionDenied
        typed = TypedText(clean(request.POST.get("text" if topic else name, "")), request.POST.get(f"r:{name}", ""))
        town = request.POST.get("organization", "")
        try:
            if topic:
                stored = log.save_topic_text(
                    self.session.pk, topic[1], topic[2], typed, self.town_of(town), user=self.user
                )
            else:
                stored = log.save_text(self.session.pk, name, typed, user=self.user)
        except Overtaken as refusal:
            conflict = refusal.current[0]
            # As the page sends it: what it sent before and knows as its own.
            fields = [["text", conflict.stored], ["organization", town]] if topic else [[name, conflict.stored]]
            theirs = {"revision": mark(conflict.stored), "fields": fields, "note": "", "by": "", "at": ""}
            return JsonResponse({"message": refusal.messages[0], "theirs": theirs}, status=CONFLICT)
        except ValidationError as refusal:
            return JsonResponse({"error": "unfit", "message": " ".join(refusal.messages)}, status=422)
        at = timezone.localtime()
        return JsonResponse({"message": f"{at:%H:%M}に保存しました", "saved": {"revision": mark(stored)}})

    def town_of(self, given: str) -> int:
        """As chosen; of a single town nobody chooses."""
        if len(self.town_keys) == 1:
            return self.town_keys[0]
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def clean(text: str) -> str:
    """As the form's field stores it: ends trimmed, line ends unified."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
