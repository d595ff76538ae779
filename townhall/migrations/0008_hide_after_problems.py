from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("townhall", "0007_visits")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="municipality",
            name="hide_after_problems",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="A report that so many people have a problem with is hidden at once, "
                "until you decide. 0: never by itself",
                verbose_name="Hide after so many problems",
            ),
        )
    ]
