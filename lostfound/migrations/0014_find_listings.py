"""Indexes of the public search: of what is in view, newest first, and by metres.

Words need none: a search asks for codes (lostfound/searching/sought.py).
"""

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models
from django.db.models.functions import Cast

SEEN = models.Q(ended_at=None)


def newest(*fields, name):
    return migrations.AddIndex(
        "listing", models.Index(fields=[*fields, "-found_on", "-id"], condition=SEEN, name=name)
    )


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0013_takeovers")]

    operations = [
        migrations.RemoveField("listing", "words"),
        migrations.RemoveIndex("listing", "listing_newest"),
        migrations.RemoveIndex("listing", "listing_kind"),
        newest(name="listing_newest"),
        newest("kind", name="listing_kind"),
        newest("municipality", name="listing_town"),
        migrations.AddIndex(
            "listing",
            models.Index(fields=["-published_at"], condition=SEEN, name="listing_published"),
        ),
        migrations.AddIndex(
            "listing",
            GistIndex(Cast("cell", PointField(geography=True)), name="listing_metres"),
        ),
    ]
