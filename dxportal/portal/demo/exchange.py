"""What the demo's towns give each other: products with their contracts, questions, and the shelf of templates.

Each of the three is added where there is none of it yet, so that a demo of the version before gets it at its next start.
No mail goes out.
"""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from consultations.domain.products.write import ProductFacts
from consultations.domain.questions import write as questions
from consultations.domain.questions.write import Asking
from consultations.domain.shelf import moves as shelf_moves
from consultations.domain.shelf import write as shelf
from consultations.domain.shelf.write import ShelfContent
from consultations.enums import QuestionChannel, QuestionState
from consultations.models import (
    AskingConsent,
    ProductContract,
    ShelfAgreement,
    ShelfItem,
    ShelfTaking,
    TownAnswer,
    TownQuestion,
)
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.intake.export import Sheet, workbook
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.portal.demo.world import read

TAKER = "担当 者"


@transaction.atomic
def load(prefecture: Organization) -> bool:
    """Whether anything was added."""
    towns = {town.name: town for town in prefecture.members.municipalities()}
    areas = {area.code: area for area in Area.objects.all()}
    membership = Membership.objects.filter(organization=prefecture, role=Role.PREFECTURE_STAFF).select_related("user")
    staff = membership.get().user
    added = [load_products(towns, staff), load_questions(towns, areas, staff), load_shelf(towns, areas, staff)]
    return any(added)


def load_products(towns: dict[str, Organization], staff: User) -> bool:
    if ProductContract.objects.filter(organization__in=towns.values()).exists():
        return False
    today = timezone.localdate()
    for row in read("products.yaml"):
        facts = ProductFacts(
            task=row["task"],
            product=row["product"],
            vendor=row["vendor"],
            contract_end=today + dt.timedelta(days=row["end"]),
            yearly_cost=row["cost"],
            manual_shareable=row.get("manual", False),
            may_be_asked=row.get("answers", False),
            sharing=row["sharing"],
            cost_shared=row.get("cost_shared", False),
            note=row.get("note", ""),
        )
        values = {name: getattr(facts, name) for name in ProductFacts.__slots__}
        ProductContract.objects.create(organization=towns[row["town"]], created_by=staff, **values)
    return True


def load_questions(towns: dict[str, Organization], areas: dict[str, Area], staff: User) -> bool:
    if TownQuestion.objects.filter(topic__organization__in=towns.values()).exists():
        return False
    data = read("questions.yaml")
    AskingConsent.objects.bulk_create(
        [AskingConsent(organization=towns[name], agreed=True) for name in data["consents"]], ignore_conflicts=True
    )
    for row in data["questions"]:
        channel = row.get("channel", QuestionChannel.PORTAL)
        asking = Asking(row["text"], areas[row["area"]], to_towns=row.get("to_towns", False), channel=channel)
        question = questions.store(towns[row["town"]], asking, staff)
        at = timezone.now() + dt.timedelta(days=row["asked"])
        answers = [answer_of(question, answer, towns, at, staff) for answer in row.get("answers", ())]
        values: dict[str, Any] = {"created_at": at}
        if "accepted" in row:
            accepted = answers[row["accepted"]]
            values |= {"state": QuestionState.SOLVED, "accepted": accepted, "closed_at": at + dt.timedelta(days=3)}
        TownQuestion.objects.filter(pk=question.pk).update(**values)
    return True


def answer_of(
    question: TownQuestion, row: dict[str, str], towns: dict[str, Organization], at: dt.datetime, staff: User
) -> TownAnswer:
    """The remark is the staff's until it is put into the town's mouth: the demo's towns have no people of their own."""
    answer = questions.store_answer(question, row["text"], staff)
    if town := towns.get(row.get("town", "")):
        answer.remark.organization = town
        answer.remark.save(update_fields=["organization"])
    TownAnswer.objects.filter(pk=answer.pk).update(created_at=at + dt.timedelta(days=2))
    return answer


def load_shelf(towns: dict[str, Organization], areas: dict[str, Area], staff: User) -> bool:
    if ShelfItem.objects.filter(prefecture=staff.acting.organization.prefecture_id).exists():
        return False
    for row in read("shelf.yaml"):
        content = ShelfContent(
            kind=row["kind"],
            title=row["title"],
            description=row["description"],
            area=areas[row["area"]],
            bodies=frozenset(towns[name].pk for name in row.get("bodies", ())),
        )
        book = workbook([Sheet(row["title"], row["header"], row["rows"])])
        files = [SimpleUploadedFile(f"{row['title']}.xlsx", book)]
        item = shelf.create(content, user=staff, files=files)
        ShelfItem.objects.filter(pk=item.pk).update(organization=towns.get(row.get("town", "")))
        if row["state"] == "released":
            shelf_moves.make_move(item.pk, "release", user=staff)
        elif row["state"] == "agreeing":
            shelf_moves.make_move(item.pk, "circulate", user=staff)
        agreed = ShelfAgreement.objects.filter(item=item, organization__name__in=row.get("agreed", ()))
        agreed.update(agreed_at=timezone.now(), by_name=TAKER)
        version = item.versions.get()
        ShelfTaking.objects.bulk_create(
            ShelfTaking(version=version, organization=towns[name], by_name=TAKER) for name in row.get("taken", ())
        )
    return True
