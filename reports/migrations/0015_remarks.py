from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("reports", "0014_questions_and_blocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="offer",
            name="reopen_within_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="Days after “done” in which a resident's “no” opens it again",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("routed", "Routed"),
                    ("accepted", "Accepted"),
                    ("assigned", "Assigned"),
                    ("status", "Status changed"),
                    ("forwarded", "Forwarded"),
                    ("note", "Note"),
                    ("published", "Published"),
                    ("depublished", "Taken out of public view"),
                    ("hazard", "Marked as hazard"),
                    ("hazard_alarm", "Alarm sent"),
                    ("hazard_called", "Standby called"),
                    ("hazard_nobody", "Nobody answered the alarm"),
                    ("hazard_seen", "Hazard seen"),
                    ("hazard_taken", "Alarm acknowledged"),
                    ("hazard_secured", "Place secured"),
                    ("confirmed", "Address confirmed"),
                    ("unveiled", "Contact shown"),
                    ("unsubscribed", "Wants no more letters"),
                    ("resubscribed", "Wants letters again"),
                    ("unreachable", "E-mail address does not exist"),
                    ("sent_again", "Letter sent again"),
                    ("merged", "Another report was joined with this one"),
                    ("more_sent", "A resident sent something to add"),
                    ("more", "Something was added"),
                    ("more_refused", "What a resident sent is not shown"),
                    ("fixed", "A resident says: it is fixed"),
                    ("not_fixed", "A resident says: it is not fixed"),
                    ("problem", "A resident has a problem with the report"),
                    ("problem_closed", "Problem with the report settled"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("client_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of the content", max_length=64),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("more", "Something to add"),
                            ("fixed", "It is fixed"),
                            ("not_fixed", "It is not fixed"),
                            ("problem", "Problem with the report"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for the town hall"),
                            ("released", "Shown to everybody"),
                            ("refused", "Not shown"),
                            ("upheld", "Right: the report was hidden"),
                            ("settled", "Settled"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personal", "Shows people, number plates or personal data"),
                            ("insult", "Insults or threatens somebody"),
                            ("untrue", "Is not true, or in the wrong place"),
                            ("advert", "Advertising or nonsense"),
                            ("rights", "Infringes a right, such as the copyright in a photo"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "is_reporters",
                    models.BooleanField(default=False, help_text="Came by the reporter's own link"),
                ),
                (
                    "is_suspect",
                    models.BooleanField(default=False, help_text="A hidden field was filled in"),
                ),
                ("sender", models.CharField(blank=True, max_length=43)),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["report"],
                        name="remark_waiting",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="photo",
            name="remark",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="reports.remark",
            ),
        ),
    ]
