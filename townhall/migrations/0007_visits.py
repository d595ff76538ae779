"""Residents who ask to see what is kept about their mailbox."""

import uuid
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("townhall", "0006_duty_rotas_and_webhooks")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(default="de", max_length=5)),
                ("asked_at", models.DateTimeField()),
                (
                    "link_digest",
                    models.CharField(blank=True, max_length=64, null=True, unique=True),
                ),
                ("link_until", models.DateTimeField(blank=True, null=True)),
                (
                    "token_digest",
                    models.CharField(blank=True, max_length=64, null=True, unique=True),
                ),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={"indexes": [models.Index(fields=["asked_at"], name="visit_asked")]},
        ),
    ]
