"""`manage.py audit_verify`: whether anybody changed what happened, after it was sealed."""

from __future__ import annotations

import argparse
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from townhall.models import TrailSeal
from townhall.trail.trails import trail_named
from townhall.trail.verifying import Trouble, Wrong, verify

MOST = 50
_KEPT = re.compile(r"(\d{1,9}):\s?([0-9a-f]{8,64})", re.ASCII)

_WORDS = {
    Wrong.SEAL_GONE: gettext_lazy("A seal before this one is missing."),
    Wrong.CHAIN_BROKEN: gettext_lazy("It does not continue the seal before."),
    Wrong.SEAL_CHANGED: gettext_lazy("The seal itself was changed."),
    Wrong.TRAIL_UNKNOWN: gettext_lazy("This program does not know what was sealed there."),
    Wrong.FACT_GONE: gettext_lazy("An entry was deleted."),
    Wrong.SALT_GONE: gettext_lazy("The key that goes with an entry was deleted."),
    Wrong.FACT_CHANGED: gettext_lazy("An entry was changed."),
    Wrong.ACTOR_CHANGED: gettext_lazy("Another name stands under an entry."),
    Wrong.CASES_GONE: gettext_lazy("%(gone)s cases are gone, only %(ruled)s were erased by rule."),
    Wrong.UNSEALED: gettext_lazy(
        "%(gone)s entries have had no seal for more than a day: the worker rests, or the last "
        "seals were deleted."
    ),
    Wrong.KEPT_DIFFERS: gettext_lazy(
        "It is missing or ends otherwise than you wrote down: the trail was rewritten."
    ),
}


class Command(BaseCommand):
    help = (
        "Reckon the audit trail anew. Keep the last seal somewhere else (on paper, in a mail): "
        "a trail that was rewritten as a whole ends differently, and --kept shows it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--kept",
            type=_kept,
            metavar="N:HEX",
            help="A seal as this command or the worker's log named it, such as 12:9f86d081884c7d65",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(options["kept"])
        for trouble in report.troubles[:MOST]:
            self.stderr.write(_said(trouble))
        if len(report.troubles) > MOST:
            self.stderr.write(_("… and %(n)s more.") % {"n": len(report.troubles) - MOST})
        self.stdout.write(
            _(
                "%(seals)s seals, %(facts)s entries; %(erased)s erased with their cases, "
                "%(actors)s of accounts that were deleted."
            )
            % {
                "seals": report.seals,
                "facts": report.facts,
                "erased": report.erased,
                "actors": report.unknown_actors,
            }
        )
        last = {"n": report.last, "head": report.head}
        self.stdout.write(_("The last seal, to be kept elsewhere: %(n)s:%(head)s") % last)
        if report.troubles:
            n = len(report.troubles)
            found = ngettext(
                "The trail is broken in %(n)s place.", "The trail is broken in %(n)s places.", n
            )
            raise CommandError(f"{found % {'n': n}}\n{_what_to_do()}")
        self.stdout.write(_("Nothing was changed."))


def _kept(said: str) -> tuple[int, str]:
    match = _KEPT.fullmatch(said.strip())
    if match is None:
        raise argparse.ArgumentTypeError(
            _("Write number, colon and the letters and digits, such as 12:9f86d081884c7d65.")
        )
    return int(match[1]), match[2]


def _said(trouble: Trouble) -> str:
    """„Siegel 2 vom 22.11.2026, 17:43: Ein Eintrag wurde geändert. (Meldung XKYD-D4B8, 4711)“"""
    counts = dict(zip(("gone", "ruled"), trouble.counts, strict=False))
    words = f"{_which(trouble.seal)}: {_WORDS[trouble.what] % counts}"
    trail = trail_named(trouble.trail)
    if not trouble.trail:
        return words
    about = str(trail.label or trail.name) if trail else trouble.trail
    if trail and trouble.case:
        about += f" {trail.cases.filter(pk=trouble.case).first() or trouble.case}"
    return f"{words} ({about}{f', {trouble.row}' if trouble.row else ''})"


def _which(number: int) -> str:
    seal = TrailSeal.objects.filter(number=number).first()
    if seal is None:
        return _("Seal %(n)s") % {"n": number} if number else _("In all")
    when = f"{timezone.localtime(seal.sealed_at):%d.%m.%Y, %H:%M}"
    return _("Seal %(n)s of %(when)s") % {"n": number, "when": when}


def _what_to_do() -> str:
    return _(
        "What to do now:\n"
        "1. Delete nothing and restore nothing over it.\n"
        "2. Make a copy of the database as it is (bin/manage backup) and keep it with this list "
        "where nobody with access to the server reaches it.\n"
        "3. Restore the newest backup from before the first seal named above into a database of "
        "its own and compare: it shows what stood there.\n"
        "4. Tell your data protection officer and IT security; change the passwords of database "
        "and server."
    )
