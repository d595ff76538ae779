"""How near another report must be to tell the same, and the index that finds it by metres."""

from typing import ClassVar

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reports", "0016_masked_text")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="category",
            name="nearby_m",
            field=models.PositiveSmallIntegerField(
                db_default=50,
                default=50,
                help_text=(
                    "Metres around a new report in which others of its group may tell the same"
                ),
                validators=[
                    django.core.validators.MinValueValidator(10),
                    django.core.validators.MaxValueValidator(250),
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(("nearby_m__range", (10, 250))), name="category_nearby_is_near"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=django.contrib.postgres.indexes.GistIndex(
                django.db.models.functions.comparison.Cast(
                    "public_position",
                    django.contrib.gis.db.models.fields.PointField(geography=True, srid=4326),
                ),
                condition=models.Q(("is_public", True)),
                name="report_near",
            ),
        ),
    ]
