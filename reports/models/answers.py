"""What staff answer with: words kept ready, and photos of their own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.queries import SnippetQuerySet, StaffPhotoQuerySet
from townhall.models import Department, Image, Municipality, User

from .cases import Event, Report, StatusChoice, Visibility
from .catalogue import Category


class Snippet(models.Model):
    """Words kept ready for an answer, with placeholders: reports/deeds/placeholders.py.

    Of a municipality, or of one department wherever it works. No category: for all of them; no
    status: in whatever state the report is. `goal` is the status that goes with the words.
    """

    title = models.CharField(max_length=80)
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.CASCADE, related_name="snippets"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.CASCADE, related_name="snippets"
    )
    categories: models.ManyToManyField[Category, Any] = models.ManyToManyField(
        Category, blank=True, related_name="snippets"
    )
    statuses = ArrayField(
        models.CharField(max_length=12, choices=StatusChoice.choices), default=list, blank=True
    )
    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    goal = models.CharField(max_length=12, choices=StatusChoice.choices, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar = SnippetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["title", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, department__isnull=True)
                | Q(municipality__isnull=True, department__isnull=False),
                name="snippet_has_one_owner",
            ),
            models.UniqueConstraint(
                "title",
                "municipality",
                "department",
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="snippet_title_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def in_language(self, language: str) -> str:
        """The words for somebody who reads this language; German where there are no others."""
        return self.text_en if language == "en" and self.text_en else self.text


class StaffPhoto(models.Model):
    """A picture that staff add to an entry; whoever may read the entry sees it.

    A table apart from the residents' photos: what lists those can never show one by mistake.
    Nobody reviews it, for staff took it.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="staff_photos")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="staff_photos")
    image = models.OneToOneField(Image, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar = StaffPhotoQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        verbose_name = _("Photo by staff")

    def __str__(self) -> str:
        return f"photo {self.position} at event {self.event_id}"
