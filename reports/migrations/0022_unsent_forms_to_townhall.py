"""Forms that were begun move to the town hall, where the Fundbüro keeps its own, too."""

from django.db import migrations

_COLUMNS = "digest, fields, is_sent, expires_at"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0021_longer_languages"),
        ("townhall", "0012_unsent_forms"),
    ]

    operations = [
        migrations.RunSQL(
            f"INSERT INTO townhall_unsent ({_COLUMNS}) SELECT {_COLUMNS} FROM reports_unsent",
            f"INSERT INTO reports_unsent ({_COLUMNS}) SELECT {_COLUMNS} FROM townhall_unsent",
        ),
        migrations.DeleteModel(name="Unsent"),
    ]
