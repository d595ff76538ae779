"""The orders in which the desk reads its lists, and its Ortsteile.

One index for each order serves every town: a page reads from its start until fifty rows are in
somebody's care. The one of places also tells which Ortsteile there are, by jumps.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reports", "0030_batches_mergings_shares_incidents")]

    operations = [
        migrations.AddIndex(
            "report", models.Index(fields=["-changed_at", "-id"], name="report_changed")
        ),
        migrations.AddIndex(
            "report",
            models.Index(
                fields=["due_on", "id"],
                condition=Q(status__in=["in_progress", "new", "on_hold"]),
                name="report_due",
            ),
        ),
        migrations.AddIndex(
            "report",
            models.Index(
                fields=["-priority", "received_at", "id"],
                condition=Q(status__in=["in_progress", "new", "on_hold"]),
                name="report_haste",
            ),
        ),
        migrations.AddIndex(
            "report",
            models.Index(
                fields=["municipality", "locality", "-received_at", "-id"], name="report_locality"
            ),
        ),
    ]
