"""The filter's fields, written by functions: two hundred options from a template take too long."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from itertools import groupby

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from reports.desk.panel import Field, Option

register = template.Library()

_SIGNS = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@register.simple_tag
def filter_options(field: Field) -> SafeString:
    """The options of a select, grouped, the chosen one marked."""
    html = _options(field.options, get_language())
    for value in field.values:
        mark = f'value="{escape(value)}"'
        html = html.replace(f"{mark}>", f"{mark} selected>", 1)
    return mark_safe(html)  # noqa: S308 (each part is escaped where it is written)


@register.simple_tag
def json_words(words: str) -> SafeString:
    """JSON as the text of a script element that is no script."""
    return mark_safe(words.translate(_SIGNS))  # noqa: S308 (no sign of HTML is left)


@lru_cache(maxsize=256)
def _options(options: tuple[Option, ...], language: str) -> str:
    parts = []
    for group, some in groupby(options, key=lambda option: option.group):
        html = "".join(
            f'<option value="{escape(option.value)}">{escape(str(option.label))}</option>'
            for option in some
        )
        parts.append(f'<optgroup label="{escape(group)}">{html}</optgroup>' if group else html)
    return "".join(parts)
