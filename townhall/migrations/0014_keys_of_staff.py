from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("townhall", "0013_letters_that_wait")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="keys",
            field=models.JSONField(
                blank=True,
                db_default=Value({}, output_field=models.JSONField()),
                default=dict,
                help_text="Which keys do what, as this person wants it",
                verbose_name="Keyboard keys",
            ),
        ),
    ]
