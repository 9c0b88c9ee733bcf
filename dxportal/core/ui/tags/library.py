"""The one tag library; its tags live in the modules beside this one."""

from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template.loader import get_template

register = template.Library()


def draw(name: str, **values: Any) -> str:
    """Renders ``templates/ui/<name>.html`` with exactly these values."""
    component: Any = get_template(f"ui/{name}.html")
    return component.template.render(template.Context(values))


def query(request: HttpRequest | None, **changes: str | int | None) -> str:
    """The request's query string with some parameters replaced (None removes): "?sort=name&page=2"."""
    values = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        values.pop(key, None)
        if value is not None:
            values[key] = str(value)
    return f"?{values.urlencode()}"


def demand(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    """A wrong word in a template fails at once rather than drawing something undesigned."""
    if value not in allowed:
        raise template.TemplateSyntaxError(f"{name} must be one of {', '.join(map(str, allowed))}, not {value!r}.")
