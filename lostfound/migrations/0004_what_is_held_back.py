"""What staff hold back of a public record, why it ended, and how big its square is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0003_ledger")]

    operations = [
        migrations.AddField(
            "listing",
            "cell_m",
            models.PositiveSmallIntegerField(default=300, help_text="Side of the square in metres"),
        ),
        migrations.AddField(
            "listing",
            "withheld",
            models.JSONField(blank=True, default=list, help_text="Facts that staff hold back"),
        ),
        migrations.AddField(
            "listing",
            "ended_because",
            models.CharField(
                blank=True, choices=[("state", "By State"), ("staff", "By Staff")], max_length=8
            ),
        ),
    ]
