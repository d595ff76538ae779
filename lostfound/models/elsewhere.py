"""Who else may have a thing that was lost: railway, buses, police, taxis, an airport."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from townhall.models import Municipality


class KeeperKind(models.TextChoices):
    RAILWAY = "railway", _("Railway")
    TRANSPORT = "transport", _("Bus and tram")
    POLICE = "police", _("Police")
    TAXI = "taxi", _("Taxi")
    AIRPORT = "airport", _("Airport")
    SHELTER = "shelter", _("Animal shelter")
    PAPERS = "papers", _("Office for identity papers")
    OTHER = "other", _("Other place")


class OtherKeeper(models.Model):
    """A place beside our own offices where a lost thing may lie, or where its loss is told.

    A row of a municipality stands in place of what `lostfound.losing.elsewhere` says by itself
    about the same kind; a row that is not active takes that away.
    """

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.CASCADE,
        related_name="other_keepers",
        verbose_name=_("Municipality"),
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=KeeperKind.choices)
    name = models.CharField(_("Name"), max_length=120)
    text = models.CharField(
        _("What to know"), max_length=300, blank=True, help_text=_("One sentence for residents")
    )
    lines = models.CharField(
        _("Lines"),
        max_length=200,
        blank=True,
        help_text=_("Of buses and trains, by comma: 640, 6*, RE 60. Empty: all of them."),
    )
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    url = models.URLField(_("Internet address"), blank=True)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Other place that keeps finds")
        verbose_name_plural = _("Other places that keep finds")
        ordering: ClassVar = ["municipality", "kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "name"], name="other_keeper_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name
