"""Actions to test with, and asking for the pages of the consultations as a person."""

import datetime as dt

from django import forms
from django.urls import reverse
from django.utils import timezone

from consultations.domain.actions import write
from consultations.domain.products import write as write_product
from consultations.domain.products.write import ProductFacts
from consultations.domain.questions import write as write_question
from consultations.domain.questions.write import Asking
from consultations.domain.sessions import log, memo
from consultations.domain.sessions import write as write_session
from consultations.domain.sessions.write import SessionDraft
from consultations.domain.shelf import moves as shelf_moves
from consultations.domain.shelf import write as write_shelf
from consultations.domain.shelf.write import ShelfContent
from consultations.domain.topics import moves as topic_moves
from consultations.domain.topics import write as topics
from consultations.domain.topics.content import KINDS, TopicContent
from consultations.domain.topics.sharing import release as topic_release
from consultations.models import (
    Action,
    AskedTown,
    ProductContract,
    Session,
    ShelfItem,
    Topic,
    TopicAttachment,
    TopicAttachmentContent,
    TownQuestion,
)
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.workflow.texts import TypedText, mark
from tests.support.cases import an_area
from tests.support.files import PDF_BYTES, an_upload


def day(distance: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=distance)


def content(title="先行団体を紹介する", due=7, **values) -> write.ActionContent:
    return write.ActionContent(**({"title": title, "bearer": "prefecture", "due_day": day(due)} | values))


def an_action(town, user, title="先行団体を紹介する", due=7, **values) -> Action:
    return write.create(town.pk, content(title, due, **values), user=user)


def a_product(town, user, product="文書くん", task="文書管理", **values) -> ProductContract:
    return write_product.create(town.pk, ProductFacts(task, product, **values), user=user)


def a_topic(town, user, title="RPAの進め方", session=None, **values) -> Topic:
    """``values``: other fields of the content; kinds of remarks among them are its remarks."""
    spoken = {kind: values.pop(kind) for kind in KINDS if kind in values}
    content = TopicContent(title=title, remarks=spoken, **values)
    return topics.create(town.pk, content, user=user, session=session)


def shown(topic, user, title="RPAの進め方", summary="悩み：人手が足りない") -> Topic:
    """Shown to its town."""
    release_day = topic_release.release_day(topic)
    return topic_moves.show(topic.pk, title=title, summary=summary, day=release_day, user=user, revision=topic.revision)


def released(topic, user, title="RPAの進め方", summary="悩み：人手が足りない") -> Topic:
    """As by the clock, when the town's days are over."""
    shown(topic, user, title, summary)
    Topic.objects.filter(pk=topic.pk).update(release_day=day())
    return topic_moves.release(topic.pk)


def a_topic_file(topic, name="資料.pdf") -> TopicAttachment:
    file = TopicAttachment.objects.create(topic=topic, name=name, content_type="application/pdf", size=1, digest="0")
    TopicAttachmentContent.objects.create(attachment=file, data=b"%")
    return file


def a_question(town, user, text="議事録の作成をどう始めましたか。", asked=(), **values) -> TownQuestion:
    """With a file; ``asked``: the towns that it is put to."""
    files = values.pop("files", [an_upload("資料.pdf", PDF_BYTES)])
    area = values.pop("area", None) or an_area("training")
    question = write_question.ask(town.pk, Asking(text, area, files=files, **values), user=user)
    for other in asked:
        AskedTown.objects.create(question=question, organization=other, reason="回答：1-1 研修")
    return question


def an_item(user, title="議事録作成の手引き", bodies=(), files=None, **values) -> ShelfItem:
    """A draft with a file."""
    content = ShelfContent(
        **({"kind": "guide", "title": title, "bodies": frozenset(town.pk for town in bodies)} | values)
    )
    files = [an_upload("手引き.pdf", PDF_BYTES)] if files is None else files
    return write_shelf.create(content, user=user, files=files)


def release(item: ShelfItem, user) -> ShelfItem:
    return shelf_moves.make_move(item.pk, "release", user=user)


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"consultations:{name}", args=args), query)


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"consultations:{name}", args=args), data)


def at(distance: int = 0, clock: dt.time = dt.time(10, 0)) -> dt.datetime:
    """A moment of the day that is ``distance`` days from today."""
    return timezone.make_aware(dt.datetime.combine(day(distance), clock))


def a_session(user, *towns, kind="monthly", due=-1, clock=dt.time(10, 0), **values) -> Session:
    """Planned, of these towns, ``due`` days from today."""
    load_kinds()
    bodies = tuple(BodyPart(organization=town.pk) for town in towns)
    draft = OccasionDraft(
        **({"title": f"{towns[0].name} 月例", "starts_at": at(due, clock), "bodies": bodies} | values)
    )
    return write_session.create(SessionDraft(kind, draft), user=user)


def hold(session: Session, user, **texts) -> Session:
    """Held, with these texts of the record."""
    for name, text in texts.items():
        log.save_text(session.pk, name, TypedText(text, mark(getattr(session, name))), user=user)
    write_session.make_move(session, "hold", user=user)
    return Session.objects.select_related("occasion", "kind").get(pk=session.pk)


def write_memo(session: Session, text: str, user) -> None:
    stored = memo.text_for(session, user) or ""
    memo.save(session.pk, TypedText(text, mark(stored)), user=user)


def log_fields(page) -> dict[str, list[str]]:
    """What the form of a log would send as it was drawn."""
    form = page.context["form"]
    data: dict[str, list[str]] = {}
    for name, field in form.texts.fields.items():
        value = form.texts[name].value()
        if isinstance(field, forms.MultipleChoiceField):
            data[name] = [str(each) for each in value or ()]
        elif isinstance(field, forms.BooleanField):
            data[name] = ["on"] if value else []
        else:
            shown = field.prepare_value(value)
            data[name] = ["" if shown is None else str(shown)]
    for name in ("guests", "actions", "topics"):
        data |= {f"{name}-TOTAL_FORMS": ["0"], f"{name}-INITIAL_FORMS": ["0"]}
    return {name: values for name, values in data.items() if values}
