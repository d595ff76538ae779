"""Give the installation its name: the epoch that stands in every live cursor."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_it(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("townhall", "Installation").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("townhall", "0001_initial")]

    operations = [migrations.RunPython(name_it, migrations.RunPython.noop)]
