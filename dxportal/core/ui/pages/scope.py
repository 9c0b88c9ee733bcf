"""From an address to an object by the one way there is: in the person's scope, or not at all."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

SCOPES = ("for_user", "editable_by")


def same(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    return rows


def fetch(
    model: Any,
    scope: str,
    user: Any,
    keys: Mapping[str, Any],
    narrow: Callable[[models.QuerySet[Any]], models.QuerySet[Any]] = same,
) -> Any:
    """The row with these keys out of ``model.objects.<scope>(user)``, after ``narrow``.

    Http404 for whoever may not see it; PermissionDenied for whoever sees it and may not change it.
    """
    if scope not in SCOPES:
        raise ImproperlyConfigured(f"The scope of {model.__name__} must be one of {', '.join(SCOPES)}.")
    row = narrow(getattr(model.objects, scope)(user)).filter(**keys).first()
    if row is not None:
        return row
    if scope == "editable_by" and narrow(model.objects.for_user(user)).filter(**keys).exists():
        raise PermissionDenied
    raise Http404


class ForRoles:
    """403 for a person whose acting role is not among ``roles`` (None: every signed-in member may come).

    Runs in ``setup``, before any method of the view: nothing is left to be forgotten in ``dispatch``. The sign-in and
    the membership were asked for by the middleware before.
    """

    roles: frozenset[str] | None = None
    request: HttpRequest
    kwargs: dict[str, Any]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.enter()

    @property
    def user(self) -> Any:
        return self.request.user

    def enter(self) -> None:
        if self.roles is not None and self.user.role not in self.roles:
            raise PermissionDenied


@dataclass(frozen=True, slots=True)
class ObjectPart:
    """A row that hangs on the fetched object, out of ``object.<relation>``; ``key`` is its name in the address."""

    relation: str
    name: str
    key: str = "pk"
    field: str = "pk"
    related: tuple[str, ...] = ()


class ScopedObject(ForRoles):
    """Fetches the object of the address in a declared scope, once, before the view does anything.

    ::

        class CasePage(ScopedObject, TemplateView):
            model = Case
            scope = "editable_by"
            key = "source_id"
            name = "case"                                     # self.case, {{ case }}

        class AttachmentDelete(CasePage, ActPage):
            part = ObjectPart("attachments", "attachment")    # out of self.case.attachments: self.attachment

    A stranger gets 404. A colleague gets 403: without the right to change under "editable_by", or with a role that is
    not among ``roles``. Where the page as such is for other people, ``roles_first`` refuses before anything is fetched.
    ``write_scope``: another scope for requests that write, where everybody who sees the page may not act on it.
    ``queryset`` narrows further or reads more along.
    """

    model: Any
    scope: str = ""
    write_scope: str = ""
    key: str = "pk"
    field: str = ""  # of the model, where it is called otherwise than in the address
    name: str = ""
    related: tuple[str, ...] = ()
    part: ObjectPart | None = None
    roles_first = False
    object: Any

    def enter(self) -> None:
        if self.roles_first:
            super().enter()
        self.take_object(self.fetch())
        super().enter()
        if self.part is not None:
            rows = getattr(self.object, self.part.relation).filter(**{self.part.field: self.kwargs[self.part.key]})
            row = rows.select_related(*self.part.related).first() if self.part.related else rows.first()
            if row is None:
                raise Http404
            setattr(self, self.part.name, row)

    def fetch(self) -> Any:
        writes = self.request.method not in ("GET", "HEAD", "OPTIONS")
        scope = (writes and self.write_scope) or self.scope
        keys = {self.field or self.key: self.kwargs[self.key]}
        return fetch(self.model, scope, self.user, keys, self._narrow)

    def _narrow(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return self.queryset(rows.select_related(*self.related) if self.related else rows)

    def queryset(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows in scope, narrowed or annotated as the page needs."""
        return rows

    def take_object(self, row: Any) -> None:
        self.object = row
        if self.name:
            setattr(self, self.name, row)

    def reload(self) -> None:
        """The object as it is stored now; as it was where it is gone or out of reach by now."""
        try:
            self.take_object(self.fetch())
        except (Http404, PermissionDenied):
            return

    def get_object(self, queryset: Any = None) -> Any:
        """For Django's own views."""
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {"object": self.object}
        if self.name:
            context[self.name] = self.object
        if self.part is not None:
            context[self.part.name] = getattr(self, self.part.name)
        return super().get_context_data(**(context | kwargs))  # type: ignore[misc]


View = Callable[..., HttpResponse]


def scoped(
    model: Any,
    scope: str,
    *,
    key: str = "pk",
    field: str = "",
    roles: frozenset[str] | None = None,
    roles_first: bool = False,
    related: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """The same for a view that is a function: it is called with the object in place of its key.

    ::

        @require_POST
        @scoped(Job, "editable_by", roles=PREFECTURE_ROLES)
        def job_retry(request, job): …
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def fetched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user: Any = request.user
            strange = roles is not None and user.role not in roles
            if strange and roles_first:
                raise PermissionDenied
            keys = {field or key: kwargs.pop(key)}
            row = fetch(model, scope, user, keys, lambda rows: rows.select_related(*related) if related else rows)
            if strange:
                raise PermissionDenied
            return view(request, row, *args, **kwargs)

        fetched.fetches = f"{model.__name__}.{scope}"  # type: ignore[attr-defined]
        return fetched

    return wrap
