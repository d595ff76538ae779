"""What staff search by: the words of a report, kept by the database beside it.

The column is written by PostgreSQL alone and is no field of the model: no page that reads a report
shall carry its words about. `words_de` reads German and forgives missing dots and accents.
"""

from django.db import migrations, models

WORDS = """
    CREATE TEXT SEARCH CONFIGURATION words_de (COPY = german);
    ALTER TEXT SEARCH CONFIGURATION words_de
        ALTER MAPPING FOR asciiword, word, hword, hword_part, asciihword, hword_asciipart
        WITH unaccent, german_stem;
"""
COLUMN = """
    ALTER TABLE reports_report ADD COLUMN search_words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('words_de', street || ' ' || house_number), 'A')
        || setweight(to_tsvector('words_de', locality), 'B')
        || setweight(to_tsvector('words_de', description), 'C')
    ) STORED
"""
INDEX = "CREATE INDEX report_words ON reports_report USING gin (search_words)"


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_hazard_alarms"), ("geo", "0001_initial")]

    operations = [
        migrations.RunSQL(WORDS, "DROP TEXT SEARCH CONFIGURATION words_de"),
        migrations.RunSQL(COLUMN, "ALTER TABLE reports_report DROP COLUMN search_words"),
        migrations.RunSQL(INDEX, "DROP INDEX report_words"),
        migrations.AddIndex(
            "report", models.Index(fields=["-received_at", "-id"], name="report_newest")
        ),
        migrations.AddIndex(
            "report",
            models.Index(fields=["municipality", "-received_at", "-id"], name="report_town_newest"),
        ),
    ]
