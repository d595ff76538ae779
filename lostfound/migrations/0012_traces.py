"""By which words the matcher finds things and losses, and open things by their kind."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0011_ledger_by_night")]

    operations = [
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trace",
                        to="lostfound.founditem",
                    ),
                ),
                (
                    "loss",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trace",
                        to="lostfound.lossreport",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="trace_words")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("item", None), ("loss", None), _connector="XOR"),
                        name="trace_of_one",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="founditem",
            index=models.Index(
                condition=models.Q(("state__in", ["held", "ready", "with_finder"])),
                fields=["kind", "found_on"],
                name="item_kind_open",
            ),
        ),
    ]
