"""A counter's page that was away hears of finders' reports, too."""

from django.db import migrations, models

import townhall.live.fields


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0017_finders_by_mailbox")]

    operations = [
        migrations.AddField(
            model_name="findreport",
            name="xid",
            field=townhall.live.fields.TransactionIdField(
                db_default=townhall.live.fields.CurrentTransaction(), editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="findreport", index=models.Index(fields=["xid"], name="find_xid")
        ),
    ]
