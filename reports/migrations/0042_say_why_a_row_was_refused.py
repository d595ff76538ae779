from django.db import migrations, models


class Migration(migrations.Migration):
    """Two more answers: no crew drives there, or the town has no such category."""

    dependencies = [("reports", "0041_forget_who_had_a_task")]

    operations = [
        migrations.AlterField(
            model_name="batchrow",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("done", "Done"),
                    ("overtaken", "Refused: somebody changed it meanwhile"),
                    ("not_allowed", "Refused: your role does not allow this"),
                    ("illegal", "Refused: not possible from its status"),
                    ("no_reason", "Refused: a reason is missing"),
                    ("nowhere", "Refused: this department does not work for the town"),
                    ("elsewhere", "Refused: this crew does not drive there"),
                    ("not_offered", "Refused: the town does not offer this category"),
                    ("gone", "Refused: not in your care"),
                ],
                max_length=11,
            ),
        ),
    ]
