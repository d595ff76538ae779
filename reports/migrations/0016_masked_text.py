from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0015_remarks"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="masked_text",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="report",
            name="is_text_reviewed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Staff have read what the public reads",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(choices=[("received", "Received"), ("routed", "Routed"), ("accepted", "Accepted"), ("assigned", "Assigned"), ("status", "Status changed"), ("forwarded", "Forwarded"), ("note", "Note"), ("published", "Published"), ("depublished", "Taken out of public view"), ("hazard", "Marked as hazard"), ("hazard_alarm", "Alarm sent"), ("hazard_called", "Standby called"), ("hazard_nobody", "Nobody answered the alarm"), ("hazard_seen", "Hazard seen"), ("hazard_taken", "Alarm acknowledged"), ("hazard_secured", "Place secured"), ("confirmed", "Address confirmed"), ("unveiled", "Contact shown"), ("unsubscribed", "Wants no more letters"), ("resubscribed", "Wants letters again"), ("unreachable", "E-mail address does not exist"), ("sent_again", "Letter sent again"), ("reminded", "Reminded to confirm the address"), ("changed", "Changed by the reporter"), ("withdrawn", "Withdrawn by the reporter"), ("erasure_asked", "The reporter had their data erased"), ("supported", "It concerns somebody else, too"), ("unsupported", "Somebody takes their voice back"), ("worse", "It has got worse"), ("followed", "Somebody follows"), ("unfollowed", "Somebody follows no longer"), ("redacted", "Photo pixelated"), ("merged", "Another report was joined with this one"), ("more_sent", "A resident sent something to add"), ("more", "Something was added"), ("more_refused", "What a resident sent is not shown"), ("fixed", "A resident says: it is fixed"), ("not_fixed", "A resident says: it is not fixed"), ("problem", "A resident has a problem with the report"), ("problem_closed", "Problem with the report settled")], max_length=14),
        ),
    ]
