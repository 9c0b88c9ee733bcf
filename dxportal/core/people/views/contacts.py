"""Contact persons of towns: members and entries in one list, and the writing of entries."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dxportal.core.intake.export import Sheet
from dxportal.core.names import name_key
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.models import Organization
from dxportal.core.people.domain import write
from dxportal.core.people.domain.contacts import ContactPerson, contacts_of
from dxportal.core.people.domain.history import contact_history
from dxportal.core.people.forms.contacts import ContactAddress, ContactForm
from dxportal.core.people.forms.supporters import LastDayForm
from dxportal.core.people.models import Contact
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

LIST = ("担当者", "people:contacts")
HEADER = ("団体", "課", "氏名", "役割・担当", "メールアドレス", "電話番号", "開始日", "終了日", "アカウント")


class ContactList(ListPage):
    """Everybody in office on the day, of all towns in reach or of one. Three queries, however many towns."""

    address_class = ContactAddress
    heading = "担当者"
    template_name = "people/contacts/list.html"
    per_page = 100

    def get_address_kwargs(self) -> dict[str, Any]:
        return {"towns": self.towns()}

    def towns(self) -> QuerySet[Organization]:
        return Organization.objects.for_user(self.user).municipalities().order_by("sort_order", "code", "pk")

    @property
    def day(self) -> dt.date:
        return self.filters.day or timezone.localdate()

    def all_rows(self) -> list[tuple[Organization, ContactPerson]]:
        rows = self.towns()
        if self.filters.organization:
            # Whoever works for a town that has ended works for the one in its place.
            rows = rows.filter(pk__in=Organization.objects.line_of([self.filters.organization.pk]))
        towns = {town.pk: town for town in rows}
        people = [(towns[person.organization], person) for person in contacts_of(towns, day=self.day)]
        mark_ended(town for town, _ in people)
        return people

    def filtered(self, rows: list[tuple[Organization, ContactPerson]]) -> list[tuple[Organization, ContactPerson]]:
        """Each word in the name, section or role, however it is written."""
        for word in filter(None, map(name_key, self.filters.q.split())):
            rows = [
                (town, person)
                for town, person in rows
                if any(word in name_key(text) for text in (town.name, person.name, person.section, person.role))
            ]
        return rows

    def crumbs(self) -> Crumbs:
        return crumbs(self.heading)

    def file_name(self) -> str:
        return f"担当者_{self.day:%Y%m%d}"

    def sheets(self, rows: list[tuple[Organization, ContactPerson]]) -> Sequence[Sheet]:
        lines = [
            (
                town.marked,
                person.section,
                person.name,
                person.role,
                person.email,
                person.telephone,
                person.first_day,
                person.last_day,
                "なし" if person.contact else "あり",
            )
            for town, person in rows
        ]
        return [Sheet("担当者", HEADER, lines, (("基準日", f"{self.day:%Y-%m-%d}"),))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editable = set(Contact.objects.editable_by(self.user).values_list("pk", flat=True))
        context = {
            "day": self.day,
            "several": not self.user.acting.organization.is_municipality,
            "may_create": write.towns_for(self.user).exists(),
            "editable": editable,
        }
        return super().get_context_data(**(context | kwargs))


class ContactCreate(ActPage):
    """The town of the address, or the only one there is, is chosen already."""

    once = True
    form_class = ContactForm
    template_name = "people/contacts/form.html"
    heading = "担当者を登録する"
    button = "登録する"
    saved: Contact

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
        return {"organization": self.request.GET.get("organization") or only, "first_day": timezone.localdate()}

    def act(self, form: ContactForm) -> str:
        self.saved = write.create_contact(form.cleaned_data["organization"], form.values(), user=self.user)
        return f"{self.saved.organization.name}の担当者「{self.saved.name}」さんを登録しました。"

    def get_success_url(self) -> str:
        return reverse("people:contacts") + f"?organization={self.saved.organization_id}"

    def get_back_url(self) -> str:
        return reverse("people:contacts")

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, "登録")


class ContactPage(ScopedObject):
    """An entry without account."""

    model = Contact
    scope = "editable_by"
    name = "contact"
    related = ("organization",)
    contact: Contact

    def get_success_url(self) -> str:
        return reverse("people:contacts") + f"?organization={self.contact.organization_id}"

    def crumbs(self) -> Crumbs:
        return crumbs(LIST, self.contact.name)


class ContactEdit(ContactPage, ActPage):
    template_name = "people/contacts/form.html"
    form_class = ContactForm
    heading = "担当者を変更する"
    button = "保存する"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"towns": None}

    def get_initial(self) -> dict[str, Any]:
        names = [name for name in ContactForm.base_fields if name != "organization"]
        return {name: getattr(self.contact, name) for name in names}

    def act(self, form: ContactForm) -> str:
        revision = form.cleaned_data.get("revision") or 0
        contact = write.change_contact(self.contact.pk, form.values(), user=self.user, revision=revision)
        return f"担当者「{contact.name}」さんを保存しました。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"entries": contact_history(self.contact)} | kwargs))


class ContactEnd(ContactPage, ActPage):
    template_name = "people/contacts/form.html"
    form_class = LastDayForm
    heading = "担当を終了する"
    button = "終了する"

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": self.contact.last_day or timezone.localdate()}

    def act(self, form: LastDayForm) -> str:
        contact = write.change_contact(self.contact.pk, form.cleaned_data, user=self.user)
        return f"担当者「{contact.name}」さんの最後の日を登録しました。"
