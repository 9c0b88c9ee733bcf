"""``{% load ui %}``: all components of the portal (docs/ui.md)."""

from dxportal.core.ui.tags import blocks, fields, lists, marks, text
from dxportal.core.ui.tags.library import register

__all__ = ["blocks", "fields", "lists", "marks", "register", "text"]
