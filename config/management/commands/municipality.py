"""Lets a town begin."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.founding import Founded, NoBoundary, Wrong, found

GIVEN = (
    "name",
    "slug",
    "kind",
    "land",
    "email",
    "phone",
    "hazard_phone",
    "website",
    "postal_address",
)


class Command(BaseCommand):
    help = "Let a municipality take reports: department, pages, catalogue. Again = update."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("key", help="eight-digit AGS, such as 06431002")
        for name in GIVEN:
            parser.add_argument(f"--{name.replace('_', '-')}")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {name: options[name] for name in GIVEN if options[name] is not None}
        try:
            founded = found(options["key"], **given)
        except NoBoundary as missing:
            raise CommandError(
                _("There is no boundary with the key %(key)s in %(layer)s. First: %(command)s")
                % {
                    "key": missing.key,
                    "layer": settings.MUNICIPALITY_LAYER,
                    "command": f"import_areas … --layer {settings.MUNICIPALITY_LAYER}",
                }
            ) from None
        except Wrong as wrong:
            raise CommandError(told(wrong)) from None
        self._say(founded)

    def _say(self, founded: Founded) -> None:
        town, url = founded.municipality, settings.PUBLIC_URL
        words = (
            _("%(name)s takes reports: %(url)s")
            if founded.is_new
            else _("%(name)s is up to date: %(url)s")
        )
        self.stdout.write(words % {"name": town, "url": f"{url}/{founded.site.slug}/"})
        self.stdout.write(
            _("Everything goes to “%(department)s” (%(mail)s) until rules lead elsewhere.")
            % {
                "department": town.fallback_department,
                "mail": town.fallback_department.email or _("no mailbox yet"),
            }
        )
        self.stdout.write(_("%(count)d kinds of defects are on offer.") % {"count": founded.offers})
        if not town.hazard_phone:
            self.stdout.write(_("In danger nobody can be called yet: --hazard-phone"))
        if not founded.site.imprint:
            page = f"{url}/verwaltung/django/townhall/site/"
            self.stdout.write(
                _("Still missing, and required by law: imprint, privacy, accessibility: %(url)s")
                % {"url": page}
            )


def told(wrong: Wrong) -> str:
    """One line per sentence, after the option it is about."""
    return "\n".join(
        f"{name.replace('_', '-')}: {sentence}"
        for name, sentences in wrong.sentences.items()
        for sentence in sentences
    )
