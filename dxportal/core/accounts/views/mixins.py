"""Fences two and three: objects only in scope, acts only by role."""

from django.core.exceptions import ImproperlyConfigured, PermissionDenied


class ScopedMixin:
    """Runs only with a declared scope: the queryset method that narrows to what the person may reach."""

    scope: str | None = None  # "for_user" | "editable_by"

    def get_queryset(self):
        if self.scope not in ("for_user", "editable_by"):
            raise ImproperlyConfigured(f"{type(self).__name__} must set `scope`.")
        return getattr(super().get_queryset(), self.scope)(self.request.user)


class RoleRequiredMixin:
    """403 for a signed-in person whose acting role is not among ``roles``."""

    roles: frozenset[str] | None = None

    def dispatch(self, request, *args, **kwargs):
        if self.roles is None:
            raise ImproperlyConfigured(f"{type(self).__name__} must set `roles`.")
        if request.user.is_authenticated and request.user.role not in self.roles:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
