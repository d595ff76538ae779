"""What can be reported, on which terms, and who gets it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.models import Area
from reports.queries import CategoryQuerySet
from townhall.models import Department, Municipality


class PublicPlace(models.TextChoices):
    """How exactly the public may know the place."""

    EXACT = "exact", _("Exact")
    STREET = "street", _("Street")
    LOCALITY = "locality", _("Locality")
    NONE = "none", _("Not at all")


class Publication(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    AFTER_CONFIRMATION = "after_confirmation", _("After the reporter's confirmation")
    AFTER_REVIEW = "after_review", _("After review")
    NEVER = "never", _("Never")


class Category(models.Model):
    """Two levels: a group has no parent and is never reported itself; a category has a group."""

    code = models.SlugField(max_length=60, unique=True)
    group = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="categories"
    )
    name = models.CharField(max_length=80, help_text=_("German"))
    translations = models.JSONField(default=dict, blank=True, help_text='{"en": "Pothole"}')
    icon = models.SlugField(max_length=40, default="dot")
    hint = models.CharField(max_length=300, blank=True, help_text=_("Shown when it is chosen"))
    synonyms = models.CharField(max_length=400, blank=True, help_text=_("Everyday words"))
    position = models.PositiveSmallIntegerField(default=0)
    is_hazard = models.BooleanField(default=False)
    public_place = models.CharField(
        max_length=10, choices=PublicPlace.choices, default=PublicPlace.EXACT
    )
    is_active = models.BooleanField(default=True)

    objects: ClassVar = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "categories"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language, else German."""
        return str(self.translations.get((get_language() or "de")[:2], self.name))


class QuestionKind(models.TextChoices):
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("List")
    TEXT = "text", _("Text")


class Question(models.Model):
    """Something more that must be known about a category."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=8, choices=QuestionKind.choices)
    text = models.CharField(max_length=200)
    translations = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=list, blank=True, help_text='[{"key": "road", "name": "…"}]')
    is_required = models.BooleanField(default=False)
    hazard_answers = models.JSONField(
        default=list, blank=True, help_text=_('Answers that make it a hazard, such as ["yes"]')
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "code"], name="question_code_unique")
        ]

    def __str__(self) -> str:
        return self.text


class Offer(models.Model):
    """On which terms a municipality takes reports of a category."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="offers")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="offers")
    days_to_answer = models.PositiveSmallIntegerField(default=5, help_text=_("Working days"))
    publication = models.CharField(
        max_length=20, choices=Publication.choices, default=Publication.AT_ONCE
    )
    text_at_once = models.BooleanField(default=False)
    depublish_after_days = models.PositiveSmallIntegerField(default=90)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "category"], name="offer_unique")
        ]

    def __str__(self) -> str:
        return f"{self.category} ({self.municipality})"


class Rule(models.Model):
    """One line of the routing table. An empty condition always holds; the first match wins."""

    position = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.CASCADE, related_name="rules"
    )
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    category = models.ForeignKey(
        Category,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("A category or a whole group"),
    )
    answers = models.JSONField(default=dict, blank=True, help_text='{"ground": ["road"]}')
    road_class = models.JSONField(
        default=list, blank=True, help_text=_('Of the nearest road: ["L", "K"]')
    )
    road_owner = models.JSONField(
        default=list, blank=True, help_text=_('Of the nearest road: ["land"]')
    )
    road_in_town = models.BooleanField(
        null=True, blank=True, help_text=_("Whether the nearest road is an Ortsdurchfahrt")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="rules")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.name
