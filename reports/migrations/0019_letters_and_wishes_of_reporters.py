"""One reminder, new links, public names, and the wish to be forgotten."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0018_support_and_followers"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="contact",
            name="confirm_round",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How often a new link was asked for"
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="name_is_public",
            field=models.BooleanField(
                db_default=False, default=False, help_text="As soon as the address is confirmed"
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="erasure_asked_at",
            field=models.DateTimeField(
                blank=True, help_text="The reporter wants their data erased", null=True
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
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.Func(
                    models.F("email"),
                    output_field=models.CharField(),
                    template='lower(%(expressions)s COLLATE "C")',
                ),
                condition=models.Q(("email", ""), _negated=True),
                name="contact_mailbox",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(
                    ("confirmed_at", None),
                    ("reminded_at", None),
                    models.Q(("email", ""), _negated=True),
                ),
                fields=["confirm_expires_at"],
                name="contact_unconfirmed",
            ),
        ),
    ]
