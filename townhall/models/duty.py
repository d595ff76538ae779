"""Who is on duty when: the rota of a department."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .people import Department


def every_day() -> list[int]:
    return [1, 2, 3, 4, 5, 6, 7]


def new_secret() -> str:
    """Key that signs webhooks, in the notation of standardwebhooks.com: 256 random bits."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


class Rota(models.Model):
    """How a department alarms: when duty changes hands, how often one is called, when the next.

    All times run by the clock, not in working time.
    """

    department = models.OneToOneField(
        Department, on_delete=models.CASCADE, related_name="rota", verbose_name=_("Department")
    )
    handover_at = models.TimeField(_("Handover"), default=dt.time(7), help_text=_("Local time"))
    repeat_minutes = models.PositiveSmallIntegerField(
        _("Call again after"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    escalate_minutes = models.PositiveSmallIntegerField(
        _("Call the next after"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    secret = models.CharField(max_length=80, default=new_secret, editable=False)

    class Meta:
        verbose_name = _("Duty rota")
        verbose_name_plural = _("Duty rotas")

    def __str__(self) -> str:
        return f"rota of {self.department_id}"


class DutyPerson(models.Model):
    """Somebody who can be on duty, and how to reach them. Need not have an account."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    webhook = models.CharField(_("Webhook"), max_length=300, blank=True)
    knows_keys = models.BooleanField(
        _("The gateway recognises repeats"),
        default=False,
        help_text=_("By the header Idempotency-Key: then we may try again without calling twice"),
    )

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(email="", webhook=""), name="duty_person_can_be_reached"
            )
        ]

    def __str__(self) -> str:
        return f"person {self.pk} of rota {self.rota_id}"


class Shift(models.Model):
    """When somebody is on duty. A day of duty begins and ends at the handover.

    Weekly: on `weekdays` (1 Monday … 7 Sunday) of every `every_weeks`-th week; weeks are counted
    from `first_day`, so a week may run from Friday to Thursday. An exception holds on every day of
    its span, and takes the place of the weekly shifts of its rank. The lowest rank is called first.
    """

    person = models.ForeignKey(DutyPerson, on_delete=models.CASCADE, related_name="shifts")
    rank = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    is_exception = models.BooleanField(default=False)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    weekdays: ArrayField[list[int], list[int]] = ArrayField(
        models.PositiveSmallIntegerField(), default=every_day
    )
    every_weeks = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )

    class Meta:
        ordering: ClassVar = ["rank", "first_day", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="shift_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(is_exception=False) | Q(last_day__isnull=False),
                name="shift_exception_ends",
            ),
            models.CheckConstraint(condition=Q(every_weeks__gte=1), name="shift_comes_back"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}, rank {self.rank}"

    @property
    def days_in_words(self) -> str:
        """„täglich“, or the days by name."""
        if set(self.weekdays) >= set(every_day()):
            return gettext("daily")
        return ", ".join(str(WEEKDAYS_ABBR[day - 1]) for day in sorted(set(self.weekdays)))
