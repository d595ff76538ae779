from django.db import migrations, models


class Migration(migrations.Migration):
    """A UUID by which an incident that is sent twice is begun once."""

    dependencies = [("reports", "0037_crews_and_day_lists")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="client_id",
            field=models.UUIDField(
                editable=False,
                help_text="Begun once, however often it is sent",
                null=True,
                unique=True,
            ),
        ),
    ]
