from django.db import migrations, models


class Migration(migrations.Migration):
    """Of a deed on many reports: which of them changed hands, and to whom."""

    dependencies = [("reports", "0038_begin_an_incident_once")]

    operations = [
        migrations.AddField(
            model_name="batchrow",
            name="went_to",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The department, if it changed hands",
                max_length=120,
            ),
        ),
    ]
