"""Words kept ready for answers."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0024_priority_and_hands"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Snippet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                (
                    "statuses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("new", "Received"),
                                ("in_progress", "In progress"),
                                ("on_hold", "On hold"),
                                ("done", "Done"),
                                ("forwarded", "Forwarded"),
                                ("no_action", "No action"),
                                ("duplicate", "Already reported"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("reporter", "Reporter only"),
                            ("internal", "Internal"),
                        ],
                        default="public",
                        max_length=8,
                    ),
                ),
                (
                    "goal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "Received"),
                            ("in_progress", "In progress"),
                            ("on_hold", "On hold"),
                            ("done", "Done"),
                            ("forwarded", "Forwarded"),
                            ("no_action", "No action"),
                            ("duplicate", "Already reported"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField()),
                ("text_en", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("is_active", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "categories",
                    models.ManyToManyField(
                        blank=True, related_name="snippets", to="reports.category"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snippets",
                        to="townhall.department",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snippets",
                        to="townhall.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["title", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", True), ("municipality__isnull", False)),
                            models.Q(("department__isnull", False), ("municipality__isnull", True)),
                            _connector="OR",
                        ),
                        name="snippet_has_one_owner",
                    ),
                    models.UniqueConstraint(
                        models.F("title"),
                        models.F("municipality"),
                        models.F("department"),
                        condition=models.Q(("is_active", True)),
                        name="snippet_title_unique",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
