"""Letters written before know their municipality too, so that its staff see them."""

from django.db import migrations

FILL = """
    UPDATE townhall_letter letter SET municipality_id = report.municipality_id
    FROM reports_report report
    WHERE letter.municipality_id IS NULL AND letter.about = 'report:' || report.code
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_correspondence"), ("townhall", "0004_outbox")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
