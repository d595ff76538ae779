"""Two switches that watch staff, both off: who is looking, and who has opened what."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("townhall", "0014_keys_of_staff"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="municipality",
            name="shows_presence",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "Colleagues see each other's names at an open report. Nothing is stored. "
                    "Agree on it with the staff council first."
                ),
                verbose_name="Show who looks at a report right now",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="keeps_reading_log",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "Only administrators can read it. Agree on it with the staff council first."
                ),
                verbose_name="Write down who opens which report",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="reading_log_days",
            field=models.PositiveSmallIntegerField(
                db_default=90,
                default=90,
                validators=[MinValueValidator(1), MaxValueValidator(365)],
                verbose_name="Keep that for so many days",
            ),
        ),
    ]
