from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("townhall", "0008_hide_after_problems"),
    ]

    operations = [
        migrations.AddField(
            model_name="municipality",
            name="photo_licence",
            field=models.CharField(
                choices=[
                    ("report", "To be shown with the report, nothing else"),
                    ("CC-BY-4.0", "Creative Commons Attribution 4.0 (CC BY)"),
                    ("CC0-1.0", "No rights reserved (CC0)"),
                ],
                db_default="report",
                default="report",
                help_text="What residents agree to when they add a photo.",
                max_length=12,
                verbose_name="Licence of photos",
            ),
        ),
    ]
