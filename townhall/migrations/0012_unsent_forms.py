from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("townhall", "0011_lives_of_the_database")]

    operations = [
        migrations.CreateModel(
            name="Unsent",
            fields=[
                (
                    "digest",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("fields", models.JSONField(default=dict)),
                ("is_sent", models.BooleanField(default=False)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
