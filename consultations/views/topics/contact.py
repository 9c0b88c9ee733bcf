"""「話を聞きたい」, and the weekly mail of newly released topics."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from consultations.domain.topics.sharing import contact, digest
from consultations.enums import ACTING_ROLES, ContactMove, ContactState
from consultations.forms.topics import ContactAnswerForm, ContactAskForm, ReleaseDigestForm
from consultations.models import ContactRequest, ReleaseDigest, Topic
from consultations.views.actions.base import ROOM
from consultations.views.topics.released import TOP
from dxportal.core.accounts.enums import ANSWERING_ROLES
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

REQUESTS = ("話を聞きたい", "consultations:contacts")


class ContactAsk(ScopedObject, ActPage):
    """Of a released topic, by another town."""

    model = Topic
    scope = "for_user"
    name = "topic"
    roles = ANSWERING_ROLES
    form_class = ContactAskForm
    template_name = "consultations/topics/contact_ask.html"
    heading = "話を聞きたい"
    button = "依頼する"
    once = True
    saved: ContactRequest

    def fetch(self) -> Topic:
        topic = Topic.objects.released_to(self.user).select_related("organization").filter(pk=self.kwargs["pk"]).first()
        if topic is None:
            raise Http404
        return topic

    def enter(self) -> None:
        super().enter()
        if not contact.may_ask(self.topic, self.user):
            raise PermissionDenied

    def act(self, form: ContactAskForm) -> str:
        self.saved = contact.ask(self.topic.pk, form.cleaned_data["message"], user=self.user)
        return "依頼しました。回答があると、メールで知らせます。"

    def get_success_url(self) -> str:
        return reverse("consultations:contact", args=[self.saved.pk])

    def get_back_url(self) -> str:
        return reverse("consultations:topic_released", args=[self.topic.pk])

    def crumbs(self) -> Crumbs:
        return crumbs(
            ROOM, TOP, (self.topic.summary_title, "consultations:topic_released", self.topic.pk), self.heading
        )


class ContactRequestList(ListPage):
    model = ContactRequest
    scope = "for_user"
    related = ("topic__organization", "organization")
    heading = "話を聞きたい"
    template_name = "consultations/topics/contacts.html"

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, self.heading)


class ContactRequestPage(ScopedObject):
    model = ContactRequest
    scope = "for_user"
    name = "asking"
    related = ("topic__organization", "organization", "asker", "answerer")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "crumbs": crumbs(ROOM, REQUESTS, self.asking.subject),
            "agreed": self.asking.state == ContactState.AGREED,
            "may_answer": ContactRequest.objects.editable_by(self.user).filter(pk=self.asking.pk).exists()
            and self.asking.state in (ContactState.WAITING, ContactState.UNANSWERED),
        }
        return super().get_context_data(**(context | kwargs))


class ContactDetail(ContactRequestPage, TemplateView):
    template_name = "consultations/topics/contact.html"


class ContactAnswer(ContactRequestPage, ActPage):
    scope = "editable_by"
    form_class = ContactAnswerForm
    template_name = "consultations/topics/contact_answer.html"
    move: ContactMove = ContactMove.AGREE

    def enter(self) -> None:
        self.roles = contact.CONTACTS.table.roles(self.move)
        self.heading = self.button = self.move.label
        super().enter()

    def not_now(self) -> str:
        if self.move in contact.CONTACTS.possible(self.asking, self.user):
            return ""
        return f"この依頼は現在「{self.asking.get_state_display()}」です。"

    def act(self, form: ContactAnswerForm) -> str:
        contact.answer(self.asking.pk, self.move, form.cleaned_data["reply"], user=self.user)
        return "回答を送りました。"

    def get_success_url(self) -> str:
        return reverse("consultations:contact", args=[self.asking.pk])


class ReleaseDigestPage(ActPage):
    roles = ACTING_ROLES
    form_class = ReleaseDigestForm
    heading = "公開された論点のお知らせメール"
    button = "保存する"

    def get_initial(self) -> dict[str, Any]:
        setting = ReleaseDigest.objects.for_user(self.user).first()
        return {"muted": setting.muted, "areas": setting.areas.all()} if setting else {}

    def act(self, form: ReleaseDigestForm) -> str:
        digest.set_digest(**form.cleaned_data, user=self.user)
        return "お知らせメールを止めました。" if form.cleaned_data["muted"] else "お知らせメールの設定を保存しました。"

    def get_success_url(self) -> str:
        return reverse("consultations:topics_released")

    def crumbs(self) -> Crumbs:
        return crumbs(ROOM, TOP, self.heading)
