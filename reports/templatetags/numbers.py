"""What the page of numbers says in its template."""

from __future__ import annotations

from django import template

from reports.numbers import reading
from reports.numbers.reading import Question

register = template.Library()
register.filter("lapse", reading.lapse)


@register.filter
def plain(number: float) -> str:
    """For SVG: a point, whatever the language."""
    return f"{number:g}"


@register.simple_tag
def narrowed(question: Question, changes: dict[str, str]) -> str:
    return question.query(**changes)


@register.simple_tag
def without(question: Question, name: str) -> str:
    return question.query(**{name: ""})
