"""A report's story for feed readers (Atom, RFC 4287): what the public page says, nothing else."""

from __future__ import annotations

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext

from frontend.templatetags.frontend import status_label
from reports.letters.links import link
from reports.models import Event, EventKind, Report

MOST = 50


def atom(report: Report) -> str:
    """In the reader's language. The same text as long as nothing happened, so its ETag lasts."""
    page = link("report-page", report.code)
    events = list(report.events.public().select_related("department").order_by("-id")[:MOST])
    feed = Atom1Feed(
        title=report.public_title,
        link=page,
        description=f"{status_label(report.status)} · {report.municipality.name}",
        language=get_language(),
        author_name=report.municipality.name,
        feed_url=link("report-feed", report.code),
        feed_guid=f"urn:augenmerk:report:{report.code}",
    )
    for event in events:
        feed.add_item(
            title=_headline(event),
            link=page,
            description=event.text,
            unique_id=f"urn:augenmerk:report:{report.code}:{event.version}:{event.kind}",
            pubdate=event.at,
            updateddate=event.at,
            author_name=event.department.name if event.department else report.municipality.name,
        )
    return str(feed.writeString("utf-8"))


def _headline(event: Event) -> str:
    match event.kind:
        case EventKind.RECEIVED:
            return gettext("Report received")
        case EventKind.HAZARD_SECURED:
            return gettext("Hazard secured")
        case EventKind.FIXED:
            return gettext("A resident says: it is fixed")
        case EventKind.MORE:
            return gettext("Something was added")
    if to := event.facts.get("to"):
        return gettext("Forwarded to %(to)s") % {"to": to}
    return status_label(event.status) or str(event.get_kind_display())
