"""A question to the reporter: since when it waits, and what was answered."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0022_unsent_forms_to_townhall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="report",
            name="replied_at",
            field=models.DateTimeField(
                blank=True, help_text="They did, and no staff have seen to it since", null=True
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="waiting_since",
            field=models.DateTimeField(
                blank=True,
                help_text="The reporter was asked something and has not answered",
                null=True,
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
                ],
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="remark",
            name="kind",
            field=models.CharField(
                choices=[
                    ("more", "Something to add"),
                    ("fixed", "It is fixed"),
                    ("not_fixed", "It is not fixed"),
                    ("problem", "Problem with the report"),
                    ("reply", "Reply to the town hall's question"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("waiting_since__isnull", False)),
                fields=["waiting_since"],
                name="report_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("replied_at__isnull", False)),
                fields=["replied_at"],
                name="report_replied",
            ),
        ),
    ]
