"""What the library does on news of others."""

from typing import Any

from django.db.models import F, Q
from django.db.models.signals import post_save

from casestudies.domain.contribution import loading
from casestudies.domain.search import index
from casestudies.models import Case, CaseDocument
from dxportal.core.organizations.models import Organization
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


def connect() -> None:
    post_save.connect(organization_saved, sender=Organization, dispatch_uid="casestudies.organization_saved")
    for kind in (Area, Term, CaseDocument):
        post_save.connect(word_saved, sender=kind, dispatch_uid=f"casestudies.word_saved.{kind.__name__}")
