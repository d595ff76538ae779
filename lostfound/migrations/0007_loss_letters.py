"""What a loss needs beside its row: erased ones, renewed links, and who else may have the thing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lostfound", "0006_claims_and_handovers"),
        ("townhall", "0012_unsent_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasedLoss",
            fields=[
                ("client_id", models.UUIDField(primary_key=True, serialize=False)),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OtherKeeper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("railway", "Railway"),
                            ("transport", "Bus and tram"),
                            ("police", "Police"),
                            ("taxi", "Taxi"),
                            ("airport", "Airport"),
                            ("shelter", "Animal shelter"),
                            ("papers", "Office for identity papers"),
                            ("other", "Other place"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "text",
                    models.CharField(
                        blank=True,
                        help_text="One sentence for residents",
                        max_length=300,
                        verbose_name="What to know",
                    ),
                ),
                (
                    "lines",
                    models.CharField(
                        blank=True,
                        help_text=(
                            "Of buses and trains, by comma: 640, 6*, RE 60. Empty: all of them."
                        ),
                        max_length=200,
                        verbose_name="Lines",
                    ),
                ),
                (
                    "phone",
                    models.CharField(blank=True, max_length=40, verbose_name="Telephone"),
                ),
                ("url", models.URLField(blank=True, verbose_name="Internet address")),
                ("is_active", models.BooleanField(default=True, verbose_name="Active")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_keepers",
                        to="townhall.municipality",
                        verbose_name="Municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "Other place that keeps finds",
                "verbose_name_plural": "Other places that keep finds",
                "ordering": ["municipality", "kind", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "kind", "name"), name="other_keeper_unique"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="loser",
            name="confirm_round",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often a new link was asked for"
            ),
        ),
        migrations.AlterField(
            model_name="lossevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reported", "Reported"),
                    ("confirmed", "Address confirmed"),
                    ("changed", "Details changed"),
                    ("hit", "Possible match"),
                    ("told", "Told of matches"),
                    ("answered", "The owner answered a match"),
                    ("asked", "Asked whether to go on"),
                    ("letters", "Letters switched on or off"),
                    ("unreachable", "The mailbox does not exist"),
                    ("prolonged", "Search goes on"),
                    ("found", "Found"),
                    ("ended", "Search ended"),
                ],
                max_length=12,
            ),
        ),
    ]
