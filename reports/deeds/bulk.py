"""One deed on many reports: each in its own transaction, with a result for each.

A batch has a UUID that the page made. Sent again (a second press, a broken line, a killed worker),
it goes on with the reports that have no result yet, and does none of them twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.deeds import crews, triage, work
from reports.deeds.forms import Complaint
from reports.models import Batch, BatchRow, Outcome, Report
from reports.workflow import IllegalMove, ReasonMissing
from townhall.codes import normalise
from townhall.models import User

MOST = 200
KEPT = dt.timedelta(days=30)


class Conflict(Exception):
    """The UUID was used before, by somebody else or for something else."""


@dataclass(frozen=True)
class Pick:
    """A report as it was picked; `version` is what was before the eyes, None: whatever is there."""

    code: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Pick | None:
        """`7K3F9QMX` or `7K3F9QMX.12`, as the list's check boxes say it. None: nonsense."""
        said, _dot, version = text[:40].partition(".")
        code = normalise(said)
        is_number = version.isascii() and version.isdecimal() and len(version) < 10
        return cls(code, int(version) if is_number else None) if code else None


# Does the deed to one report. Raises what the deed raises.
Act = Callable[[Report, User, int | None], object]


def picks(said: Sequence[str]) -> list[Pick]:
    """Each report once, in the order in which they came; MOST at most."""
    found = (Pick.parse(text) for text in said)
    return list({pick.code: pick for pick in found if pick}.values())[:MOST]


def run(
    client_id: UUID,
    picked: Sequence[Pick],
    *,
    by: User,
    deed: str,
    given: Mapping[str, Any],
    act: Act,
    is_whole: bool = False,
) -> Batch:
    """Do it, or what is left of it. Raises Conflict.

    `is_whole`: the reports follow from what is given, and may be others when it is sent again.
    """
    named = [] if is_whole else picked
    batch = _begun(client_id, by=by, deed=deed, digest=_digest(deed, named, given))
    done = set(batch.rows.values_list("report__code", flat=True))
    left = [pick for pick in picked if pick.code not in done]
    mine = Report.objects.in_care_of(by).filter(code__in=[pick.code for pick in left])
    # Who reaches a report is asked by the deed again, under its lock.
    known = {report.code: report for report in mine.select_related("municipality")}
    for pick in left:
        if pick.code in known:
            _one(batch, known[pick.code], pick.version, by, act)
    return batch


def _begun(client_id: UUID, *, by: User, deed: str, digest: str) -> Batch:
    batch, _is_new = Batch.objects.get_or_create(
        client_id=client_id,
        defaults={"by": by, "deed": deed, "digest": digest, "at": timezone.now()},
    )
    if (batch.by_id, batch.digest) != (by.pk, digest):
        raise Conflict
    return batch


def _digest(deed: str, picked: Sequence[Pick], given: Mapping[str, Any]) -> str:
    """Of what was meant: the versions may be others when it is sent again."""
    fields = {name: str(value) for name, value in given.items()}
    said = json.dumps([deed, sorted(pick.code for pick in picked), fields], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _one(batch: Batch, report: Report, version: int | None, by: User, act: Act) -> None:
    """The deed and its result together, or neither."""
    try:
        with transaction.atomic():
            outcome, went_to = _outcome(report, version, by, act)
            BatchRow.objects.create(batch=batch, report=report, outcome=outcome, went_to=went_to)
    except IntegrityError:
        # The same batch on another line was faster; what we did is rolled back.
        if not batch.rows.filter(report=report).exists():
            raise


def _outcome(report: Report, version: int | None, by: User, act: Act) -> tuple[Outcome, str]:
    """What came of it, and to which department the report went: "" if it stayed."""
    try:
        with transaction.atomic():
            row = act(report, by, version)
    except Report.DoesNotExist:
        return Outcome.GONE, ""
    except work.TooLate:
        return Outcome.OVERTAKEN, ""
    except work.NotAllowed:
        return Outcome.NOT_ALLOWED, ""
    except IllegalMove:
        return Outcome.ILLEGAL, ""
    except ReasonMissing:
        return Outcome.NO_REASON, ""
    except triage.Nowhere:
        return Outcome.NOWHERE, ""
    except crews.Elsewhere:
        return Outcome.ELSEWHERE, ""
    except Complaint:  # of what many reports are told, only the category may not fit
        return Outcome.NOT_OFFERED, ""
    if isinstance(row, Report) and row.department_id != report.department_id:
        return Outcome.DONE, row.department.name
    return Outcome.DONE, ""


def forget_old(*, now: dt.datetime | None = None) -> int:
    """Results that nobody looks at any more. Returns how many batches."""
    old = Batch.objects.filter(at__lt=(now or timezone.now()) - KEPT)
    count = old.count()
    old.delete()
    return count
