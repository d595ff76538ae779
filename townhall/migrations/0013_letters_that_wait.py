from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("townhall", "0012_unsent_forms")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="not_before",
            field=models.DateTimeField(
                blank=True,
                help_text="Until then the deed that wrote it can be taken back",
                null=True,
            ),
        ),
    ]
