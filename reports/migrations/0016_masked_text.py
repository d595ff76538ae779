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
            field=models.CharField(choices=[('received', 'Received'), ('routed', 'Routed'), ('accepted', 'Accepted'), ('assigned', 'Assigned'), ('status', 'Status changed'), ('forwarded', 'Forwarded'), ('note', 'Note'), ('published', 'Published'), ('depublished', 'Taken out of public view'), ('hazard', 'Marked as hazard'), ('hazard_alarm', 'Alarm sent'), ('hazard_called', 'Standby called'), ('hazard_nobody', 'Nobody answered the alarm'), ('hazard_seen', 'Hazard seen'), ('hazard_taken', 'Alarm acknowledged'), ('hazard_secured', 'Place secured'), ('confirmed', 'Address confirmed'), ('unveiled', 'Contact shown'), ('unsubscribed', 'Wants no more letters'), ('resubscribed', 'Wants letters again'), ('unreachable', 'E-mail address does not exist'), ('sent_again', 'Letter sent again'), ('redacted', 'Photo pixelated')], max_length=14),
        ),
    ]
