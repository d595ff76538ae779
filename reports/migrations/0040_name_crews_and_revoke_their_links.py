import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0039_tell_where_a_row_went")]

    operations = [
        migrations.AlterModelOptions(
            name="crew",
            options={"ordering": ["name"], "verbose_name": "Crew", "verbose_name_plural": "Crews"},
        ),
        migrations.AlterField(
            model_name="crew",
            name="name",
            field=models.CharField(
                help_text="As it stands on its day list.", max_length=80, verbose_name="Name"
            ),
        ),
        migrations.AlterField(
            model_name="crew",
            name="department",
            field=models.ForeignKey(
                help_text="It drives wherever this department works.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="crews",
                to="townhall.department",
                verbose_name="Department",
            ),
        ),
        migrations.AlterField(
            model_name="crew",
            name="is_active",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Switched off: no new lists. What it has said stays.",
                verbose_name="Is driving",
            ),
        ),
        migrations.AddField(
            model_name="crewlink",
            name="renewed_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="crewlink",
            name="revoked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(model_name="crewlink", name="crew_link_once"),
        migrations.AddConstraint(
            model_name="crewlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("crew", "day"),
                name="crew_link_once",
            ),
        ),
    ]
