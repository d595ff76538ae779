"""What staff keep for their own work at the desk."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from townhall.models import Department, User


class SavedView(models.Model):
    """A list that somebody gave a name. It says what is asked for, never who may see it.

    `asks` is the desk's own query string (`ansicht=alle&q=status:offen&sort=frist`). Whoever opens
    it, or counts it, finds what their own rights reach.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    department = models.ForeignKey(
        Department,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="saved_views",
        help_text="Shared with everybody who works there",
    )
    name = models.CharField(max_length=60)
    asks = models.CharField(max_length=800)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name")
        ]

    def __str__(self) -> str:
        return self.name
