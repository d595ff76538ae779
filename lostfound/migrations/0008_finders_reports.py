import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lostfound", "0007_loss_letters"),
        ("townhall", "0012_unsent_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, unique=True)),
                ("client_id", models.UUIDField(unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("source", models.CharField(help_text="police, pool, transport", max_length=10)),
                (
                    "carrier",
                    models.CharField(help_text="Who brought it: a body, no person", max_length=120),
                ),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["-received_at"],
            },
        ),
        migrations.CreateModel(
            name="FindPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="FindReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, unique=True)),
                ("client_id", models.UUIDField(unique=True)),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of the canonical content", max_length=64),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "We have your report"),
                            ("query", "We have a question"),
                            ("kept", "You keep it for the owner"),
                            ("taken_in", "In our keeping"),
                            ("rejected", "Not taken in"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="de", max_length=12)),
                (
                    "is_suspect",
                    models.BooleanField(default=False, help_text="A program may have filled it in"),
                ),
                (
                    "kind",
                    models.SlugField(help_text="A code of catalogue.THING_KINDS", max_length=40),
                ),
                (
                    "colour",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("black", "black"),
                            ("grey", "grey"),
                            ("white", "white"),
                            ("brown", "brown"),
                            ("beige", "beige"),
                            ("red", "red"),
                            ("pink", "pink"),
                            ("orange", "orange"),
                            ("yellow", "yellow"),
                            ("green", "green"),
                            ("blue", "blue"),
                            ("purple", "purple"),
                            ("silver", "silver"),
                            ("gold", "gold"),
                            ("patterned", "colourful"),
                        ],
                        max_length=12,
                    ),
                ),
                ("brand", models.CharField(blank=True, max_length=60)),
                ("description", models.TextField(blank=True, help_text="For staff; never public")),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("unknown", "Not estimated yet"),
                            ("small", "Up to 10.00 €"),
                            ("estimate", "Estimated"),
                            ("exact", "Exact"),
                            ("dear", "Of sentimental value only"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("value_cents", models.PositiveIntegerField(blank=True, null=True)),
                ("found_on", models.DateField()),
                ("found_time", models.CharField(blank=True, max_length=40)),
                (
                    "spot",
                    models.CharField(
                        choices=[
                            ("open", "In the street, a park, a wood, a field"),
                            ("transport", "In a bus, a tram, a train, at a station"),
                            ("taxi", "In a taxi"),
                            ("authority", "In a town hall, an office, a library, a court"),
                            ("school", "In a school or a nursery"),
                            ("pool", "In a swimming pool or a sports hall"),
                            ("shop", "In a shop, a pub, a bank"),
                            ("home", "In somebody’s home or garden"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "place_text",
                    models.CharField(blank=True, help_text="Staff only", max_length=200),
                ),
                (
                    "found_at",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True,
                        help_text="Where the gazetteer knows place_text",
                        null=True,
                        srid=4326,
                    ),
                ),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("general", "General find (§§ 965–977 BGB)"),
                            ("verkehrsfund", "Find in an authority or public transport (§ 978)"),
                            ("schatz", "Treasure (§ 984)"),
                            ("unanbringbar", "Cannot be given back (§ 983)"),
                            ("kein_fund", "Not a find in law"),
                            ("klaerung", "To be decided"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "whereabouts",
                    models.CharField(
                        choices=[
                            ("brings", "With me; I bring it to the lost property office"),
                            ("keeps", "With me; I keep it until the owner is found"),
                            ("handed_in", "Handed in already"),
                        ],
                        max_length=10,
                    ),
                ),
                ("handed_in_to", models.CharField(blank=True, max_length=120)),
                ("handed_in_on", models.DateField(blank=True, null=True)),
                ("is_anonymous", models.BooleanField(default=False)),
                ("claims_ownership", models.BooleanField(blank=True, null=True)),
                ("claims_reward", models.BooleanField(blank=True, null=True)),
                ("claims_expenses", models.BooleanField(blank=True, null=True)),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("none", "Not asked, or no answer"),
                            ("given", "Agrees"),
                            ("conditional", "Agrees on a condition"),
                            ("refused", "Refuses"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "may_be_named",
                    models.BooleanField(
                        default=False, help_text="The owner may learn who found it, for the reward"
                    ),
                ),
                ("capability_digest", models.CharField(max_length=64, unique=True)),
                ("capability_expires_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="What the finder reads: a no, a question"
                    ),
                ),
                ("answer", models.TextField(blank=True, help_text="The finder's, to a question")),
                ("erase_on", models.DateField(help_text="With the finder's data")),
            ],
        ),
        migrations.CreateModel(
            name="FindReporter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("postal_address", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("is_minor", models.BooleanField(default=False)),
                ("guardian", models.CharField(blank=True, max_length=120)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirm_digest",
                    models.CharField(blank=True, max_length=64, null=True, unique=True),
                ),
                ("confirm_expires_at", models.DateTimeField(blank=True, null=True)),
                ("unreachable_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="items",
            field=models.ManyToManyField(
                blank=True, related_name="deliveries", to="lostfound.founditem"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="lostfound.office",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="received_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="findphoto",
            name="image",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="townhall.image"
            ),
        ),
        migrations.AddField(
            model_name="findreport",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="findreport",
            name="find_place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="lostfound.findplace",
            ),
        ),
        migrations.AddField(
            model_name="findreport",
            name="found_in",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="townhall.municipality",
            ),
        ),
        migrations.AddField(
            model_name="findreport",
            name="item",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="find_report",
                to="lostfound.founditem",
            ),
        ),
        migrations.AddField(
            model_name="findreport",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="finds",
                to="lostfound.office",
            ),
        ),
        migrations.AddField(
            model_name="findphoto",
            name="find",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="lostfound.findreport",
            ),
        ),
        migrations.AddField(
            model_name="findreporter",
            name="find",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reporter",
                to="lostfound.findreport",
            ),
        ),
        migrations.AddIndex(
            model_name="findreport",
            index=models.Index(fields=["office", "state", "-reported_at"], name="find_office"),
        ),
        migrations.AddIndex(
            model_name="findreport",
            index=models.Index(fields=["erase_on"], name="find_erase"),
        ),
        migrations.AddConstraint(
            model_name="findreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_anonymous", False),
                    models.Q(
                        models.Q(("claims_ownership", True), _negated=True),
                        models.Q(("claims_reward", True), _negated=True),
                        models.Q(("claims_expenses", True), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="find_anonymous_waives_all",
            ),
        ),
        migrations.AddIndex(
            model_name="findreporter",
            index=models.Index(
                models.Func(
                    models.F("email"),
                    output_field=models.CharField(),
                    template='lower(%(expressions)s COLLATE "C")',
                ),
                condition=models.Q(("email", ""), _negated=True),
                name="find_reporter_mailbox",
            ),
        ),
    ]
