"""Room for "de-simple", Einfache Sprache. Backwards only while nobody has chosen it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("townhall", "0009_photo_licence"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="letter",
            name="language",
            field=models.CharField(default="de", max_length=12),
        ),
        migrations.AlterField(
            model_name="visit",
            name="language",
            field=models.CharField(default="de", max_length=12),
        ),
    ]
