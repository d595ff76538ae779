"""What a deed at the desk changed, so that it can be taken back."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0028_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

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
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Undo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("batch", models.UUIDField()),
                ("version", models.PositiveIntegerField(help_text="Of the report after the deed")),
                ("until", models.DateTimeField()),
                (
                    "before",
                    models.JSONField(help_text="Columns of the report that the deed changed"),
                ),
                (
                    "letters",
                    models.JSONField(help_text="Keys of the letters that wait for `until`"),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reports.report",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["batch"], name="undo_batch"),
                    models.Index(fields=["until"], name="undo_until"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "version"), name="undo_once")
                ],
            },
        ),
    ]
