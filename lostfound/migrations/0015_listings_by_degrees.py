"""The radius is a polygon in degrees now, which the column's own index finds."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0014_find_listings")]

    operations = [migrations.RemoveIndex("listing", "listing_metres")]
