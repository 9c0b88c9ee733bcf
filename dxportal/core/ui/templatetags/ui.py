"""``{% load ui %}``: all components of the portal (docs/ui.md)."""

from dxportal.core.ui.tags import blocks, fields, lists, marks, plots, text
from dxportal.core.ui.tags.library import register

__all__ = ["blocks", "fields", "lists", "marks", "plots", "register", "text"]
