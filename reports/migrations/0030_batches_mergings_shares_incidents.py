"""Many reports at once, joined ones, those of two departments, and those of one storm."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0029_undo"),
        ("townhall", "0016_unopened_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="report",
            name="split_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parts",
                to="reports.report",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("routed", "Routed"),
                    ("accepted", "Accepted"),
                    ("assigned", "Assigned"),
                    ("status", "Status changed"),
                    ("forwarded", "Forwarded"),
                    ("note", "Note"),
                    ("answered", "Answered"),
                    ("asked", "Question to the reporter"),
                    ("asked_again", "Reminded of the question"),
                    ("replied", "Reply to the question"),
                    ("ask_ended", "Question settled without a reply"),
                    ("published", "Published"),
                    ("depublished", "Taken out of public view"),
                    ("hazard", "Marked as hazard"),
                    ("hazard_alarm", "Alarm sent"),
                    ("hazard_called", "Standby called"),
                    ("hazard_nobody", "Nobody answered the alarm"),
                    ("hazard_seen", "Hazard seen"),
                    ("hazard_taken", "Alarm acknowledged"),
                    ("hazard_secured", "Place secured"),
                    ("confirmed", "Address confirmed"),
                    ("unveiled", "Contact shown"),
                    ("unsubscribed", "Wants no more letters"),
                    ("resubscribed", "Wants letters again"),
                    ("unreachable", "E-mail address does not exist"),
                    ("sent_again", "Letter sent again"),
                    ("reminded", "Reminded to confirm the address"),
                    ("changed", "Changed by the reporter"),
                    ("withdrawn", "Withdrawn by the reporter"),
                    ("erasure_asked", "The reporter had their data erased"),
                    ("supported", "It concerns somebody else, too"),
                    ("unsupported", "Somebody takes their voice back"),
                    ("worse", "It has got worse"),
                    ("followed", "Somebody follows"),
                    ("unfollowed", "Somebody follows no longer"),
                    ("redacted", "Photo pixelated"),
                    ("merged", "Another report was joined with this one"),
                    ("more_sent", "A resident sent something to add"),
                    ("more", "Something was added"),
                    ("more_refused", "What a resident sent is not shown"),
                    ("fixed", "A resident says: it is fixed"),
                    ("not_fixed", "A resident says: it is not fixed"),
                    ("problem", "A resident has a problem with the report"),
                    ("problem_closed", "Problem with the report settled"),
                    ("undone", "Taken back"),
                    ("priority", "Priority changed"),
                    ("deadline", "Target date changed"),
                    ("refused", "Responsibility refused"),
                    ("unopened", "Nobody opened it in time"),
                    ("separated", "On its own again"),
                    ("shared", "Another department was asked to help"),
                    ("share_ended", "Another department has done its part"),
                    ("split", "Divided into two reports"),
                    ("incident", "Joined with a collective incident"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("client_id", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.CharField(help_text="SHA-256 of the content", max_length=64)),
                ("deed", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("overtaken", "Refused: somebody changed it meanwhile"),
                            ("not_allowed", "Refused: your role does not allow this"),
                            ("illegal", "Refused: not possible from its status"),
                            ("no_reason", "Refused: a reason is missing"),
                            ("nowhere", "Refused: this department does not work for the town"),
                            ("gone", "Refused: not in your care"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="reports.batch",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, unique=True)),
                ("title", models.CharField(max_length=80)),
                ("notice", models.TextField(blank=True, max_length=1000)),
                ("locality", models.CharField(blank=True, max_length=120)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.category",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="townhall.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="reports.incident",
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="member",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "Received"),
                            ("in_progress", "In progress"),
                            ("on_hold", "On hold"),
                            ("done", "Done"),
                            ("forwarded", "Forwarded"),
                            ("no_action", "No action"),
                            ("duplicate", "Already reported"),
                        ],
                        help_text="Before",
                        max_length=12,
                    ),
                ),
                (
                    "followers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "voices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "main",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joined",
                        to="reports.report",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mergings",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(help_text="What is asked of it")),
                ("due_on", models.DateField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="townhall.department",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["at"], name="batch_at"),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.UniqueConstraint(fields=("batch", "report"), name="batch_row_unique"),
        ),
        migrations.AddConstraint(
            model_name="merging",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("report",), name="merging_once"
            ),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["department", "report"],
                name="share_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("report", "department"),
                name="share_once",
            ),
        ),
    ]
