"""How long a department may leave a report unopened."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("townhall", "0015_presence_and_reading_log")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="municipality",
            name="unopened_days",
            field=models.PositiveSmallIntegerField(
                db_default=2,
                default=2,
                help_text=(
                    "Working days in which the department in charge may open a report. "
                    "0: never by itself"
                ),
                verbose_name="Back to the dispatchers when unopened for",
            ),
        ),
    ]
