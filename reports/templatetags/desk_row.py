"""A row of the desk's list, written by functions: fifty of them from templates took longer than
all of the page's SQL.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from frontend.templatetags.frontend import icon, status_chip
from reports.desk.monday import Heap
from reports.desk.rows import Deadline, Page, Row
from reports.desk.wish import Wish
from reports.models import Report
from reports.templatetags.desk import age, desk_url
from reports.templatetags.following import in_words, worse_words
from townhall.codes import LENGTH

register = template.Library()

_ROW = (
    '<tr id="zeile-{code}" class="desk-row" data-code="{code}" data-version="{version}"'
    ' data-status="{status}" data-hazard="{hazard}" data-title="{title}"'
    ' data-lon="{lon}" data-lat="{lat}" data-belongs="{belongs}"{current}>'
    '<td class="pick">{pick}</td>'
    '<th scope="row" class="code"><a href="{url}"><span class="number">{number}</span></a></th>'
    '<td class="state">{chip}</td>'
    '<td class="what">{mark}<b>{label}</b>{voices} <span class="place">{place}</span></td>'
    '<td class="age">{age}</td>'
    '<td class="due">{deadline}</td></tr>\n'
)
_PICK = '<input type="checkbox" name="codes" value="{code}" form="auswahl" aria-label="{words}">'
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


@register.simple_tag
def desk_rows(page: Page, wish: Wish, open_code: str = "", *, can_work: bool = True) -> SafeString:
    """The rows of one page; `open_code` is the report that stands beside the list, if any.

    `can_work`: whether they can be ticked; there is nothing that readers could do to them.
    """
    address = _address(wish)
    rows = (_written(row, address, open_code=open_code, can_work=can_work) for row in page.rows)
    return mark_safe("".join(rows))  # noqa: S308 (each is escaped where it is written)


@register.simple_tag
def desk_heap(heap: Heap, wish: Wish, open_code: str = "", *, can_work: bool = True) -> SafeString:
    """The rows of one heap."""
    return desk_rows(Page(heap.rows), wish, open_code, can_work=can_work)


@register.simple_tag
def desk_row(
    row: Row, wish: Wish, *, belongs: bool = True, open_code: str = "", can_work: bool = True
) -> SafeString:
    """One `<tr>`. `belongs`: whether the list that asked for it still wants it."""
    # What people wrote is escaped in _written.
    return mark_safe(  # noqa: S308
        _written(row, _address(wish), belongs=belongs, open_code=open_code, can_work=can_work)
    )


_CODE = "0" * LENGTH


def _address(wish: Wish) -> str:
    """Of a report of this list, whose code stands in for _CODE."""
    return escape(desk_url("desk-report", wish, _CODE))


def _written(
    row: Row, address: str, *, belongs: bool = True, open_code: str = "", can_work: bool = True
) -> str:
    """The row as HTML. Codes, numbers and our own marks need no escaping, all else gets it."""
    report = row.report
    select = escape(gettext("Select %(number)s") % {"number": report.shown_code})
    return _ROW.format(
        code=report.code,
        version=report.version,
        status=report.status,
        hazard=int(report.is_hazard),
        title=escape(report.title),
        lon=f"{report.position.x:.6f}",
        lat=f"{report.position.y:.6f}",
        belongs=int(belongs),
        current=' aria-current="true"' if report.code == open_code else "",
        pick=_PICK.format(code=report.code, words=select) if can_work else "",
        url=address.replace(_CODE, report.code),
        number=report.shown_code,
        chip=status_chip(report.status, to=report.forwarded_to),
        mark=_HAZARD.format(icon("hazard"), escape(gettext("Hazard"))) if report.is_hazard else "",
        label=escape(report.category.label),
        voices=_voices(row),
        place=escape(_place(report)),
        age=age(report.received_at),
        deadline=deadline_mark(row.deadline),
    )


@register.filter
def deadline_mark(deadline: Deadline | None) -> SafeString:
    """The used share of the time as an arc, and in words; a dash where there is no deadline."""
    if deadline is None:
        return format_html(_NO_DEADLINE, gettext("no deadline"))
    words = escape(deadline.words)
    marked = _DEADLINE.format(urgency=deadline.urgency, share=deadline.share, words=words)
    return mark_safe(marked)  # noqa: S308


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
