from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff. Residents have no account."""

    keys = models.JSONField(
        _("Keyboard keys"),
        default=dict,
        db_default=Value({}, output_field=models.JSONField()),
        blank=True,
        help_text=_("Which keys do what, as this person wants it"),
    )

    class Meta:
        verbose_name = _("Member of staff")
        verbose_name_plural = _("Staff")

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username


class DepartmentKind(models.TextChoices):
    OFFICE = "office", _("Office")
    ASSOCIATION = "association", _("Special-purpose association")
    OUTSIDE = "outside", _("Outside body")


class Department(models.Model):
    """Who works on cases: an office, a special-purpose association, an outside body."""

    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(
        _("Kind"), max_length=12, choices=DepartmentKind.choices, default=DepartmentKind.OFFICE
    )
    email = models.EmailField(
        _("E-mail"), blank=True, help_text=_("Mailbox; hazards are mailed here at once")
    )
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    mails_new_reports = models.BooleanField(_("Mails new reports"), default=False)
    mails_digest = models.BooleanField(
        _("Mails a digest each working day"),
        default=False,
        db_default=False,
        help_text=_("What is new, due, overdue, answered or to be looked at again, by numbers"),
    )
    serves: models.ManyToManyField[Municipality, Any] = models.ManyToManyField(
        "Municipality", related_name="departments", blank=True, verbose_name=_("Serves")
    )
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Department")
        verbose_name_plural = _("Departments")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class PhotoLicence(models.TextChoices):
    """What a resident allows with a photo. Its value is the SPDX identifier where there is one."""

    REPORT = "report", _("To be shown with the report, nothing else")
    CC_BY = "CC-BY-4.0", _("Creative Commons Attribution 4.0 (CC BY)")
    CC0 = "CC0-1.0", _("No rights reserved (CC0)")


class Municipality(models.Model):
    """A Gemeinde that takes part. Its boundary is the area with the same key (AGS)."""

    key = models.CharField(_("Key"), max_length=8, unique=True, help_text=_("Eight-digit AGS"))
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=40, default="Gemeinde")
    land = models.CharField(
        _("Land"), max_length=2, default="HE", help_text=_("ISO 3166-2 part after DE-")
    )
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    website = models.URLField(_("Website"), blank=True)
    postal_address = models.CharField(_("Postal address"), max_length=200, blank=True)
    hazard_phone = models.CharField(_("Telephone in danger"), max_length=40, blank=True)
    photo_licence = models.CharField(
        _("Licence of photos"),
        max_length=12,
        choices=PhotoLicence.choices,
        default=PhotoLicence.REPORT,
        db_default="report",
        help_text=_("What residents agree to when they add a photo."),
    )
    opens_at = models.TimeField(
        _("Opens at"), default="08:00", help_text=_("When staff begin to read reports")
    )
    closes_at = models.TimeField(_("Closes at"), default="16:00")
    fallback_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="falls_back_from",
        verbose_name=_("Fallback department"),
    )
    unopened_days = models.PositiveSmallIntegerField(
        _("Back to the dispatchers when unopened for"),
        default=2,
        db_default=2,
        help_text=_(
            "Working days in which the department in charge may open a report. 0: never by itself"
        ),
    )
    hide_after_problems = models.PositiveSmallIntegerField(
        _("Hide after so many problems"),
        default=0,
        help_text=_(
            "A report that so many people have a problem with is hidden at once, until you decide. "
            "0: never by itself"
        ),
    )
    requires_second_factor = models.BooleanField(
        _("Requires a second factor"),
        default=False,
        db_default=False,
        help_text=_(
            "Nobody who works for this town signs in by a password alone. Whoever has none yet is "
            "signed out when you save, and sets it up at the next sign-in."
        ),
    )
    shows_presence = models.BooleanField(
        _("Show who looks at a report right now"),
        default=False,
        db_default=False,
        help_text=_(
            "Colleagues see each other's names at an open report. Nothing is stored. Agree on it "
            "with the staff council first."
        ),
    )
    keeps_reading_log = models.BooleanField(
        _("Write down who opens which report"),
        default=False,
        db_default=False,
        help_text=_("Only administrators can read it. Agree on it with the staff council first."),
    )
    reading_log_days = models.PositiveSmallIntegerField(
        _("Keep that for so many days"),
        default=90,
        db_default=90,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )

    class Meta:
        verbose_name = _("Municipality")
        verbose_name_plural = _("Municipalities")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """As it signs: „Stadt Bensheim“."""
        return f"{self.kind} {self.name}"


class ClosingDay(models.Model):
    """A day the town hall stays shut beyond the Land's holidays (bridge days, 24 December)."""

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.CASCADE,
        related_name="closing_days",
        verbose_name=_("Municipality"),
    )
    day = models.DateField(_("Day"))
    name = models.CharField(_("Name"), max_length=80)

    class Meta:
        verbose_name = _("Closing day")
        verbose_name_plural = _("Closing days")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "day"], name="closing_day_unique")
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.name}"


class Site(models.Model):
    """A front door: the region at `/` (empty slug), a town at `/bensheim/`, or its own host."""

    slug = models.SlugField(_("Short name"), max_length=60, unique=True, blank=True)
    host = models.CharField(_("Host"), max_length=120, unique=True, null=True, blank=True)
    name = models.CharField(_("Name"), max_length=120)
    municipalities: models.ManyToManyField[Municipality, Any] = models.ManyToManyField(
        Municipality, related_name="sites", verbose_name=_("Municipalities")
    )
    brand_colour = models.CharField(_("Brand colour"), max_length=7, default="#1a3da5")
    imprint = models.TextField(_("Imprint"), blank=True)
    privacy_contact = models.TextField(_("Privacy contact"), blank=True)
    accessibility_contact = models.TextField(_("Accessibility contact"), blank=True)

    class Meta:
        verbose_name = _("Site")
        verbose_name_plural = _("Sites")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    DISPATCHER = "dispatcher", _("Dispatcher")
    CASEWORKER = "caseworker", _("Caseworker")
    FIELD_CREW = "field_crew", _("Field crew")
    FUNDBUERO = "fundbuero", _("Lost property office")
    ADMINISTRATOR = "administrator", _("Administrator")
    READ_ONLY = "read_only", _("Read only")


class Membership(models.Model):
    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("Member of staff"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("Department"),
    )
    role = models.CharField(_("Role"), max_length=14, choices=Role.choices)

    class Meta:
        verbose_name = _("Membership")
        verbose_name_plural = _("Memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "department", "role"], name="membership_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.department} ({self.get_role_display()})"
