"""What the library does on news of others."""

from typing import Any

from django.db.models import F, Q
from django.db.models.signals import post_delete, post_save

from casestudies.domain.contribution import loading
from casestudies.domain.search import index
from casestudies.models import Case, CaseDocument, CasePlace
from dxportal.core.organizations.models import FormerName, Organization, Succession
from dxportal.core.organizations.successions import with_predecessors, with_successors
from dxportal.core.taxonomy.models import Area, Term


def organization_saved(sender: Any, instance: Organization, **news: Any) -> None:
    """A municipality that came in, or got its right name, may be one that a case names."""
    loading.link([instance])


def word_saved(sender: Any, instance: Area | Term | CaseDocument, *, created: bool, **news: Any) -> None:
    """A new name is a new word of its cases, whose revisions the database has raised. Rename in a transaction."""
    if created:
        return
    if isinstance(instance, Term):
        names = Q(field=instance) | Q(terms=instance)
    elif isinstance(instance, Area):
        names = Q(areas=instance)
    else:
        names = Q(document=instance)
    stale = Case.objects.filter(names).exclude(index__revision=F("revision"))
    index.write(set(stale.values_list("pk", flat=True)))


def life_changed(sender: Any, instance: FormerName | Succession, **news: Any) -> None:
    """Cases are found under the names of all years: those of the organisation's whole line are indexed anew."""
    key = instance.organization_id if isinstance(instance, FormerName) else instance.successor_id
    here = Organization.objects.filter(pk=key).values("pk")
    line = Q(organization__in=with_predecessors(here)) | Q(organization__in=with_successors(here))
    index.write(set(CasePlace.objects.filter(line).values_list("case", flat=True)))


def connect() -> None:
    post_save.connect(organization_saved, sender=Organization, dispatch_uid="casestudies.organization_saved")
    for life in (FormerName, Succession):
        for change in (post_save, post_delete):
            change.connect(life_changed, sender=life, dispatch_uid=f"casestudies.life_changed.{life.__name__}")
    for kind in (Area, Term, CaseDocument):
        post_save.connect(word_saved, sender=kind, dispatch_uid=f"casestudies.word_saved.{kind.__name__}")
