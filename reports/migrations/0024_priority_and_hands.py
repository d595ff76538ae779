"""Priority, since when a department has a report and opened it, and what came back from it."""

from typing import ClassVar

import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0023_waiting_for_the_reporter"),
        ("townhall", "0012_unsent_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="report",
            name="handed_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=django.utils.timezone.now,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                db_default=2,
                default=2,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="returned",
            field=models.CharField(
                blank=True,
                choices=[("refused", "Not responsible"), ("unopened", "Nobody opened it")],
                db_default="",
                default="",
                help_text="Waits for the town's dispatchers",
                max_length=8,
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
                    ("priority", "Priority changed"),
                    ("deadline", "Target date changed"),
                    ("refused", "Responsibility refused"),
                    ("unopened", "Nobody opened it in time"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("returned", ""), _negated=True),
                fields=["municipality", "-received_at", "-id"],
                name="report_returned",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("opened_at", None), ("returned", ""), ("status", "new")),
                fields=["municipality", "handed_at"],
                name="report_unopened",
            ),
        ),
    ]
