"""Whom a report concerns, too, and who hears of it by mail."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

FOLDED = models.Func(
    models.F("email"),
    output_field=models.CharField(),
    template='lower(%(expressions)s COLLATE "C")',
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0017_nearby")]

    operations: ClassVar = [
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
                    ("supported", "It concerns somebody else, too"),
                    ("unsupported", "Somebody takes their voice back"),
                    ("worse", "It has got worse"),
                    ("followed", "Somebody follows"),
                    ("unfollowed", "Somebody follows no longer"),
                    ("merged", "Another report was joined with this one"),
                    ("more_sent", "A resident sent something to add"),
                    ("more", "Something was added"),
                    ("more_refused", "What a resident sent is not shown"),
                    ("fixed", "A resident says: it is fixed"),
                    ("not_fixed", "A resident says: it is not fixed"),
                    ("problem", "A resident has a problem with the report"),
                    ("problem_closed", "Problem with the report settled"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Supporter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token_digest",
                    models.CharField(
                        help_text="Null: nobody can take it back any more",
                        max_length=64,
                        null=True,
                        unique=True,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "worse_at",
                    models.DateTimeField(
                        blank=True, help_text="Said that it has got worse", null=True
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supporters",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(default="de", max_length=5)),
                ("client_id", models.UUIDField(unique=True)),
                ("asked_at", models.DateTimeField()),
                ("confirm_digest", models.CharField(max_length=64, unique=True)),
                ("confirm_expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "token_digest",
                    models.CharField(help_text="Ends the letters", max_length=64, unique=True),
                ),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, help_text="Wants no more", null=True),
                ),
                (
                    "unreachable_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Their mail server said that there is no such address",
                        null=True,
                    ),
                ),
                (
                    "asked_with",
                    models.ForeignKey(
                        blank=True,
                        help_text="The voice that asked: it becomes theirs when they confirm",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reports.supporter",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="reports.report",
                    ),
                ),
                (
                    "voice",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="follower",
                        to="reports.supporter",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.Func(
                            models.F("email"),
                            output_field=models.CharField(),
                            template='lower(%(expressions)s COLLATE "C")',
                        ),
                        name="follower_mailbox",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("report"),
                        models.Func(
                            models.F("email"),
                            output_field=models.CharField(),
                            template='lower(%(expressions)s COLLATE "C")',
                        ),
                        name="follower_once_per_mailbox",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="erasure",
            name="followers",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
