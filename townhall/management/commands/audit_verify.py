"""`manage.py audit_verify`: whether anybody changed what happened, after it was sealed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from townhall.trail.verifying import Trouble, verify

MOST = 50


class Command(BaseCommand):
    help = (
        "Reckon the audit trail anew. Keep the last line somewhere else (on paper, in a mail): "
        "a trail that was rewritten as a whole ends differently."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify()
        for trouble in report.troubles[:MOST]:
            self.stderr.write(_said(trouble))
        if len(report.troubles) > MOST:
            self.stderr.write(f"… and {len(report.troubles) - MOST} more.")
        self.stdout.write(
            f"{report.seals} seals, {report.facts} facts; {report.erased} erased with their cases, "
            f"{report.unknown_actors} of accounts that were deleted."
        )
        self.stdout.write(f"Seal {report.seals} ends in {report.head}.")
        if report.troubles:
            raise CommandError(f"The trail is broken in {len(report.troubles)} places.")


def _said(trouble: Trouble) -> str:
    where = f"seal {trouble.seal}" if trouble.seal else "in all"
    row = f" {trouble.row}" if trouble.row else ""
    return f"{where}: {trouble.what}" + (f" ({trouble.trail}{row})" if trouble.trail else "")
