"""What can be reported, on which terms, and who gets it."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
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
    translations = models.JSONField(
        default=dict, blank=True, help_text='{"en": "Pothole", "hint_en": "…"}'
    )
    icon = models.SlugField(max_length=40, default="dot")
    hint = models.CharField(max_length=300, blank=True, help_text=_("Shown when it is chosen"))
    synonyms = models.CharField(max_length=1000, blank=True, help_text=_("Everyday words"))
    position = models.PositiveSmallIntegerField(default=0)
    is_hazard = models.BooleanField(default=False)
    public_place = models.CharField(
        max_length=10, choices=PublicPlace.choices, default=PublicPlace.EXACT
    )
    nearby_m = models.PositiveSmallIntegerField(
        default=50,
        db_default=50,
        validators=[MinValueValidator(10), MaxValueValidator(250)],
        help_text=_("Metres around a new report in which others of its group may tell the same"),
    )
    is_active = models.BooleanField(default=True)

    objects: ClassVar = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "categories"
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(nearby_m__range=(10, 250)), name="category_nearby_is_near"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language, else German."""
        return str(self.translations.get((get_language() or "de")[:2]) or self.name)

    @property
    def advice(self) -> str:
        """The hint in the reader's language, else German."""
        return str(self.translations.get(f"hint_{(get_language() or 'de')[:2]}") or self.hint)


class QuestionKind(models.TextChoices):
    """How a question is answered; reports/catalogue/answers.py says what Open311 calls each."""

    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One answer of a list")
    CHOICES = "choices", _("Several answers of a list")
    TEXT = "text", _("A line of text")
    LONG_TEXT = "long_text", _("A longer text")
    NUMBER = "number", _("A number")
    DATETIME = "datetime", _("Day and time")
    INFO = "info", _("A note that asks nothing")


class Question(models.Model):
    """Something more that must be known about a category; of one municipality only, if named.

    `condition` has the shape of a rule's: asked only where every question named there got one of
    the answers named there. Answers once given stay readable: a question is retired, an option
    marked {"retired": true}, and neither is deleted while reports use it.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="questions")
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=12, choices=QuestionKind.choices)
    text = models.CharField(max_length=200)
    help = models.CharField(max_length=200, blank=True)
    translations = models.JSONField(
        default=dict, blank=True, help_text='{"en": "…", "help_en": "…"}'
    )
    options = models.JSONField(
        default=list, blank=True, help_text='[{"key": "road", "name": "…", "name_en": "…"}]'
    )
    condition = models.JSONField(default=dict, blank=True, help_text='{"ground": ["road"]}')
    is_required = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    hazard_answers = models.JSONField(
        default=list, blank=True, help_text=_('Answers that make it a hazard, such as ["yes"]')
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "code"], name="question_code_unique")
        ]

    def __str__(self) -> str:
        return self.text


class Block(models.Model):
    """What nobody should report here but tell somebody else at once: it ends the form.

    `condition` as of a question; empty: the category as a whole. `calls` name whom to call:
    `{rathaus}` and `{bereitschaft}` stand for the municipality's own numbers.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="blocks")
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    condition = models.JSONField(default=dict, blank=True, help_text='{"danger": ["yes"]}')
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=1000)
    translations = models.JSONField(
        default=dict, blank=True, help_text='{"en": "…", "text_en": "…"}'
    )
    calls = models.JSONField(
        default=list, blank=True, help_text='[{"name": "Polizei", "number": "110"}]'
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.title


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
    reopen_within_days = models.PositiveSmallIntegerField(
        default=30, help_text=_("Days after “done” in which a resident's “no” opens it again")
    )
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
