"""Letters to print, for people without e-mail. Made up."""

from __future__ import annotations

import datetime as dt

from reports.deeds.taking_in import SOURCE
from reports.letters import notices
from reports.models import Contact, EventKind, Report
from reports.workflow import Status
from townhall.models import Channel, Letter, LetterState

from .stories import World

TOWN = "bensheim"
PEOPLE = (
    ("Erna Vogel (Demo)", "Beispielweg 4\n64625 Bensheim"),
    ("Kurt Amsel (Demo)", "Hinterhaus\nMusterstraße 11a\n64625 Bensheim"),
    ("Frieda Lerch (Demo)", "Probegasse 2\n64625 Bensheim"),
)


def load_paper(world: World) -> None:
    """Three people phoned; their news lies to be printed."""
    rows = Report.objects.with_faces().filter(
        municipality=world.towns[TOWN],
        status=Status.IN_PROGRESS,
        contact=None,
        duplicate_of=None,
    )
    for row, (name, address) in zip(rows.order_by("code"), PEOPLE, strict=False):
        Contact.objects.create(report=row, name=name, postal_address=address)
        Report.objects.filter(pk=row.pk).update(source=SOURCE)
        event = row.events.filter(kind__in=[EventKind.ACCEPTED, EventKind.STATUS]).last()
        for draft in notices.to_reporter(row, event) if event else []:
            Letter.objects.create(
                key=draft.key,
                kind=draft.kind,
                about=draft.about,
                channel=Channel.PAPER,
                to=draft.to,
                subject=draft.subject,
                text=draft.text,
                municipality=row.municipality,
                sender=draft.sender,
                state=LetterState.TO_PRINT,
                not_before=world.now - dt.timedelta(minutes=5),
            )
