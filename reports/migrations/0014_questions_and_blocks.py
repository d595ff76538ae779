"""Questions of every kind, asked under conditions; and what must not be reported here."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0013_unsent_forms"),
        ("townhall", "0006_duty_rotas_and_webhooks"),
    ]

    operations: ClassVar = [
        migrations.AlterModelOptions(
            name="question",
            options={"ordering": ["position", "id"]},
        ),
        migrations.AddField(
            model_name="question",
            name="condition",
            field=models.JSONField(blank=True, default=dict, help_text='{"ground": ["road"]}'),
        ),
        migrations.AddField(
            model_name="question",
            name="help",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="question",
            name="is_active",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="question",
            name="is_public",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="question",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="townhall.municipality",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="synonyms",
            field=models.CharField(blank=True, help_text="Everyday words", max_length=1000),
        ),
        migrations.AlterField(
            model_name="category",
            name="translations",
            field=models.JSONField(
                blank=True, default=dict, help_text='{"en": "Pothole", "hint_en": "…"}'
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("yes_no", "Yes or no"),
                    ("choice", "One answer of a list"),
                    ("choices", "Several answers of a list"),
                    ("text", "A line of text"),
                    ("long_text", "A longer text"),
                    ("number", "A number"),
                    ("datetime", "Day and time"),
                    ("info", "A note that asks nothing"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="options",
            field=models.JSONField(
                blank=True, default=list, help_text='[{"key": "road", "name": "…", "name_en": "…"}]'
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="translations",
            field=models.JSONField(
                blank=True, default=dict, help_text='{"en": "…", "help_en": "…"}'
            ),
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "condition",
                    models.JSONField(blank=True, default=dict, help_text='{"danger": ["yes"]}'),
                ),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(max_length=1000)),
                (
                    "translations",
                    models.JSONField(
                        blank=True, default=dict, help_text='{"en": "…", "text_en": "…"}'
                    ),
                ),
                (
                    "calls",
                    models.JSONField(
                        blank=True, default=list, help_text='[{"name": "Polizei", "number": "110"}]'
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocks",
                        to="reports.category",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="townhall.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
    ]
