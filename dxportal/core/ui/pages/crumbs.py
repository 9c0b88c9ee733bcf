"""Breadcrumbs: where a page is."""

from typing import Any

from django.urls import get_script_prefix, reverse

Crumbs = list[tuple[str, str | None]]


def crumbs(*steps: str | tuple[Any, ...]) -> Crumbs:
    """From home down to the page itself, as ``{% breadcrumbs %}`` takes them.

    ::

        crumbs(("調査", "assessments:survey_list"), (survey.title, "assessments:survey_detail", survey.pk), "締切")

    A step is (label, name of the address, its arguments …), or (label, address) where the address has a "/" or "?";
    a bare label (the page itself) leads nowhere.
    """
    trail: Crumbs = [("ホーム", get_script_prefix())]
    for step in steps:
        if isinstance(step, str):
            trail.append((step, None))
            continue
        label, name, *args = step
        if name is not None and not ("/" in name or name.startswith("?")):
            name = reverse(name, args=args)
        trail.append((str(label), name))
    return trail
