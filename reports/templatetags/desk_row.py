"""A row of the desk's list, written by functions: fifty of them from templates took longer than
all of the page's SQL.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from frontend.templatetags.frontend import icon, status_chip
from reports.desk import Deadline, Page, Row, Wish
from reports.models import Report
from reports.templatetags.desk import age, desk_url
from reports.templatetags.following import in_words, worse_words

register = template.Library()

_ROW = (
    '<tr id="zeile-{code}" class="desk-row" data-code="{code}" data-version="{version}"'
    ' data-status="{status}" data-hazard="{hazard}" data-title="{title}"'
    ' data-lon="{lon}" data-lat="{lat}" data-belongs="{belongs}"{current}>'
    '<th scope="row" class="code"><a href="{url}"><span class="number">{number}</span></a></th>'
    '<td class="state">{chip}</td>'
    '<td class="what">{mark}<b>{label}</b>{voices} <span class="place">{place}</span></td>'
    '<td class="age">{age}</td>'
    '<td class="due">{deadline}</td></tr>\n'
)
_DEADLINE = (
    '<span class="deadline {urgency}"><svg class="arc" viewBox="0 0 20 20" width="20" height="20"'
    ' aria-hidden="true" focusable="false"><circle class="track" cx="10" cy="10" r="7.5"/>'
    '<circle class="used" cx="10" cy="10" r="7.5" pathLength="100"'
    ' stroke-dasharray="{share} 100" transform="rotate(-90 10 10)"/></svg>{words}</span>'
)
_NO_DEADLINE = (
    '<span class="muted"><span aria-hidden="true">–</span>'
    '<span class="visually-hidden">{}</span></span>'
)
_HAZARD = '<span class="hazard-mark">{}<span class="visually-hidden">{}: </span></span>'
_VOICES = (
    '<span class="row-voices{urgency}" title="{words}">{icon}<span aria-hidden="true">{number}'
    '</span><span class="visually-hidden">({words})</span></span>'
)
_CURRENT = mark_safe(' aria-current="true"')


@register.simple_tag
def desk_rows(page: Page, wish: Wish, open_code: str = "") -> SafeString:
    """The rows of one page; `open_code` is the report that stands beside the list, if any."""
    # Our own rows, each escaped where it is written.
    return mark_safe("".join(desk_row(row, wish, open_code=open_code) for row in page.rows))  # noqa: S308


@register.simple_tag
def desk_row(row: Row, wish: Wish, *, belongs: bool = True, open_code: str = "") -> SafeString:
    """One `<tr>`. `belongs`: whether the list that asked for it still wants it."""
    report = row.report
    return format_html(
        _ROW,
        code=report.code,
        version=report.version,
        status=report.status,
        hazard=int(report.is_hazard),
        title=report.title,
        lon=f"{report.position.x:.6f}",
        lat=f"{report.position.y:.6f}",
        belongs=int(belongs),
        current=_CURRENT if report.code == open_code else "",
        url=desk_url("desk-report", wish, report.code),
        number=report.shown_code,
        chip=status_chip(report.status, to=report.forwarded_to),
        mark=format_html(_HAZARD, icon("hazard"), gettext("Hazard")) if report.is_hazard else "",
        label=report.category.label,
        voices=_voices(row),
        place=_place(report),
        age=age(report.received_at),
        deadline=deadline_mark(row.deadline),
    )


@register.filter
def deadline_mark(deadline: Deadline | None) -> SafeString:
    """The used share of the time as an arc, and in words; a dash where there is no deadline."""
    if deadline is None:
        return format_html(_NO_DEADLINE, gettext("no deadline"))
    return format_html(
        _DEADLINE, urgency=deadline.urgency, share=deadline.share, words=deadline.words
    )


def _voices(row: Row) -> SafeString | str:
    """How many people it concerns, too, and whether some say that it has got worse."""
    if not row.supporters:
        return ""
    words = in_words(row.supporters).exactly
    if row.worse:
        words = f"{words}, {worse_words(row.worse)}"
    return format_html(
        _VOICES,
        urgency=" worse" if row.worse else "",
        words=words,
        icon=icon("warning" if row.worse else "users", cls="tiny"),
        number=row.supporters,
    )


def _place(report: Report) -> str:
    address = f"{report.street} {report.house_number}".strip()
    return ", ".join(filter(None, [address, report.locality]))
