"""Room for "de-simple", Einfache Sprache. Backwards only while nobody has chosen it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0020_nearby_by_kind"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="follower",
            name="language",
            field=models.CharField(default="de", max_length=12),
        ),
        migrations.AlterField(
            model_name="report",
            name="language",
            field=models.CharField(default="de", max_length=12),
        ),
    ]
