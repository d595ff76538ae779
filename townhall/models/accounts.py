from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import User


class AccountEventKind(models.TextChoices):
    """What happened to an account. Never when somebody came or went: nobody is watched."""

    APP_ADDED = "app_added", _("Authenticator app set up")
    APP_REMOVED = "app_removed", _("Authenticator app removed")
    PASSKEY_ADDED = "passkey_added", _("Passkey added")
    PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
    PAPER_MADE = "paper_made", _("New emergency codes")
    FACTORS_RESET = "factors_reset", _("Second factor reset")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")


class AccountEvent(models.Model):
    """One fact about an account's keys, appended and never changed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="account_events")
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=AccountEventKind.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class StaffSession(models.Model):
    """A signed-in browser, so that its owner can end it. No address, no times of use."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_sessions")
    key = models.CharField(max_length=40, unique=True, help_text="Of django_session")
    device = models.CharField(max_length=80, help_text="Firefox, Windows")
    began_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.device} {self.began_at:%Y-%m-%d %H:%M}"
