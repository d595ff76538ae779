"""The copy of all that is kept about a mailbox: for people and for programs, in one archive."""

from __future__ import annotations

import datetime as dt
import json
import logging
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import gettext

from townhall import belongings
from townhall.belongings import Sheet
from townhall.mailboxes import Mailbox
from townhall.models import Visit
from townhall.spreadsheets import as_csv

IN_MEMORY = 8 * 1024 * 1024  # bytes; a longer archive lies in a file that has no name
log = logging.getLogger(__name__)


def archive(mailbox: Mailbox) -> IO[bytes]:
    """Rewound, and gone when it is closed. In the reader's language."""
    sheets = [sheet for kind in belongings.kinds() for sheet in kind.copy(mailbox)]
    sheets.append(_visits(mailbox))
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("meine-daten.json", _json(mailbox, sheets))
        pack.writestr("meine-daten.html", _html(mailbox, sheets))
        for sheet in sheets:
            pack.writestr(f"{sheet.name}.csv", _csv(sheet))
            _add_files(pack, sheet)
    file.seek(0)
    return file


def _add_files(pack: zipfile.ZipFile, sheet: Sheet) -> None:
    for name, read in sheet.files.items():
        try:
            # Pictures are compressed already.
            pack.writestr(name, read(), compress_type=zipfile.ZIP_STORED)
        except FileNotFoundError:
            log.warning("The file of %s is not in the storage", name)


def _visits(mailbox: Mailbox) -> Sheet:
    rows = mailbox.among(Visit.objects.all()).order_by("asked_at")
    return Sheet(
        name="links",
        title=gettext("Links to this page that were asked for"),
        labels={"asked_at": gettext("Asked"), "until": gettext("Valid until")},
        records=[{"asked_at": row.asked_at, "until": row.link_until} for row in rows],
    )


def _json(mailbox: Mailbox, sheets: Sequence[Sheet]) -> str:
    facts: dict[str, Any] = {"about": mailbox.address, "made_at": timezone.now()}
    facts |= {sheet.name: list(sheet.records) for sheet in sheets}
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _csv(sheet: Sheet) -> str:
    """What fits into cells; lists within records stand in the other files."""
    keys = [
        key
        for key in sheet.labels
        if any(key in each for each in sheet.records)
        and not any(isinstance(each.get(key), list) for each in sheet.records)
    ]
    head = [sheet.labels[key] for key in keys]
    return as_csv(head, ([said(each.get(key)) for key in keys] for each in sheet.records))


def _html(mailbox: Mailbox, sheets: Sequence[Sheet]) -> str:
    facts = {
        "mailbox": mailbox.address,
        "made_at": timezone.now(),
        "parts": [
            {"title": sheet.title, "records": [list(_lines(each, sheet)) for each in sheet.records]}
            for sheet in sheets
        ],
    }
    return render_to_string("townhall/copy.html", facts)


def _lines(record: Mapping[str, Any], sheet: Sheet) -> Iterator[dict[str, Any]]:
    for key, value in record.items():
        if value in (None, "", []):
            continue
        name = sheet.labels.get(key, key)
        if isinstance(value, list):
            yield {"name": name, "rows": [_short(each, sheet.labels) for each in value]}
        else:
            yield {"name": name, "value": said(value)}


def _short(record: Mapping[str, Any], labels: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
    return [(labels.get(key, key), said(value)) for key, value in record.items() if value]


def said(value: Any) -> Any:
    """A moment, a day, a yes or a no as people write them; everything else as it is."""
    match value:
        case bool():
            return gettext("Yes") if value else gettext("No")
        case dt.datetime():
            return formats.date_format(timezone.localtime(value), "d.m.Y H:i")
        case dt.date():
            return formats.date_format(value, "d.m.Y")
    return value
