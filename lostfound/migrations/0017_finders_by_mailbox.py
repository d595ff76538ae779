"""„Meine Meldungen“ asks by the folded mailbox who handed something in at the counter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0016_pictures_of_listings")]

    operations = [
        migrations.AddIndex(
            model_name="finder",
            index=models.Index(
                models.Func(
                    models.F("email"),
                    output_field=models.CharField(),
                    template='lower(%(expressions)s COLLATE "C")',
                ),
                condition=models.Q(("email", ""), _negated=True),
                name="finder_mailbox",
            ),
        ),
    ]
